import type { Workflow } from "../../graph/plan.ts";
import type { Experiment } from "../../spec/experiment.ts";
import { type Arguments, badUsage } from "../line/arguments.ts";
import { settingsOf } from "../line/options.ts";
import type { Project } from "../line/project.ts";

/** The specs that a command line names, with their overrides and settings. @throws {UserError} with exit status 2 */
export async function loadWorkflows(
  values: Arguments,
  project: Project,
  paths: readonly string[] = values.positionals,
): Promise<Workflow<Experiment>[]> {
  const settings = await settingsOf(values);
  const workflows: Workflow<Experiment>[] = [];
  const pathOf = new Map<string, string>();
  for (const path of paths) {
    const { spec, notices } = await project.load(path, values.values("set"));
    for (const notice of notices) console.error(`note: ${path}: ${notice}`);
    const other = pathOf.get(spec.name);
    if (other !== undefined) {
      throw badUsage(
        `Cannot run ${other} and ${path} together: both are named ${spec.name}, and their reports would share a folder`,
        "Give one of them another name.",
      );
    }
    pathOf.set(spec.name, path);
    workflows.push({ name: spec.name, spec, settings });
  }
  return workflows;
}
