import { LocalExecutor, localSlots } from "../../../graph/executors/local.ts";
import type { ExecutorDefinition, ExecutorSetting } from "./executor_definition.ts";

/** Executes stages on this machine, as many at once as `--jobs` says. */
export const local: ExecutorDefinition = {
  description: "this machine",
  elsewhere: false,
  open: (setting) => Promise.resolve(openLocal(setting)),
};

/** The executor of this machine. */
export function openLocal({ values, project: { root }, store }: ExecutorSetting): LocalExecutor {
  const slots = values.count("jobs", 1) ??
    localSlots(navigator.hardwareConcurrency, Deno.systemMemoryInfo().available);
  return new LocalExecutor({ store, root, slots });
}
