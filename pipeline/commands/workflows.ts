import type { Workflow } from "../graph/plan.ts";
import { type Arguments, badUsage, type Project, settingsOf } from "./command.ts";

/** @throws {UserError} with exit status 2 */
export async function loadWorkflows<Spec extends { readonly name: string }>(
  values: Arguments,
  project: Project<Spec>,
  paths: readonly string[] = values.positionals,
): Promise<Workflow<Spec>[]> {
  const workflows: Workflow<Spec>[] = [];
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
    workflows.push({ name: spec.name, spec, settings: await settingsOf(values) });
  }
  return workflows;
}
