import type { Executor } from "../../../graph/executors/executor.ts";
import type { RemoteCache } from "../../../store/remote.ts";
import type { Store } from "../../../store/store.ts";
import type { Arguments } from "../../line/arguments.ts";
import type { Project } from "../../line/project.ts";

/** What an executor is opened with. */
export interface ExecutorSetting {
  readonly values: Arguments;
  readonly project: Project;
  readonly store: Store;
  readonly remote: RemoteCache | undefined;
}

/** Somewhere to execute stages, as the command line names it. */
export interface ExecutorDefinition {
  /** What it is, in a few words for the command line's help. */
  readonly description: string;
  /** Whether stages run on other machines, with GPUs that this one need not have. */
  readonly elsewhere: boolean;
  /** @throws {UserError} with exit status 2 where it cannot be used */
  open(setting: ExecutorSetting): Promise<Executor>;
}
