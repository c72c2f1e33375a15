import type { Executor } from "../../graph/executors/executor.ts";
import type { Option } from "../line/verb.ts";
import { type Arguments, badUsage } from "../line/arguments.ts";
import type { ExecutorDefinition, ExecutorSetting } from "./executors/executor_definition.ts";
import { local } from "./executors/local.ts";
import { slurm } from "./executors/slurm.ts";

/** The executors by the name that `--executor` takes. */
export const EXECUTORS = { local, slurm } satisfies Record<string, ExecutorDefinition>;

/** The executor of whoever names none. */
const DEFAULT_EXECUTOR: keyof typeof EXECUTORS = "local";

const NAMES = Object.keys(EXECUTORS) as (keyof typeof EXECUTORS)[];

/** The options of verbs that execute stages, for where these are executed. */
export const EXECUTOR_OPTIONS = {
  executor: {
    type: "string",
    value: "NAME",
    allowed: NAMES,
    help: `Where stages run: ${
      NAMES.map((name) =>
        `${name} (${EXECUTORS[name].description}${name === DEFAULT_EXECUTOR ? ", the default" : ""})`
      ).join(" or ")
    }.`,
  },
  cluster: {
    type: "string",
    value: "FILE",
    help: "What to ask the cluster for. Default: cluster.json beside the first spec, if there is one",
  },
  detach: { type: "boolean", help: "Hand stages over to the cluster and do not wait for them." },
} as const satisfies Record<string, Option>;

/** Whether a command line names an executor whose stages run on other machines. */
export function runsElsewhere(values: Arguments): boolean {
  return EXECUTORS[nameOf(values)].elsewhere;
}

function nameOf(values: Arguments): keyof typeof EXECUTORS {
  return (values.value("executor") ?? DEFAULT_EXECUTOR) as keyof typeof EXECUTORS;
}

/** The executor that a command line names. @throws {UserError} with exit status 2 where it cannot be used */
export function openExecutor(setting: ExecutorSetting): Promise<Executor> {
  const { values } = setting;
  const name = nameOf(values);
  if (name === DEFAULT_EXECUTOR) {
    for (const option of ["cluster", "detach"]) {
      if (!values.has(option)) continue;
      throw badUsage(`Cannot use --${option}: stages run on this machine`, "Next: add --executor slurm.");
    }
  }
  return EXECUTORS[name].open(setting);
}
