import type { RunEvent } from "../../graph/events.ts";
import { NotAwaited } from "../../graph/executors/executor.ts";
import { Runner, type RunnerOptions } from "../../graph/runner.ts";
import type { Experiment } from "../../spec/experiment.ts";
import type { Store } from "../../store/store.ts";
import type { Arguments } from "../line/arguments.ts";
import { REPORTS_OPTION, STORE_OPTION } from "../line/options.ts";
import type { Project } from "../line/project.ts";
import type { Option } from "../line/verb.ts";
import { EXECUTOR_OPTIONS, openExecutor } from "./executors.ts";
import { LiveLog } from "./live.ts";
import { openRemote, REMOTE_OPTIONS, waitForUploads } from "./remote.ts";
import { openStore } from "./open_store.ts";

/** Options of the verbs that execute stages. */
export const RUN_OPTIONS = {
  jobs: {
    type: "string",
    value: "N",
    help: "Stages that run at the same time. Default: one for each core, as far as memory goes (1.5 GB each)",
  },
  json: { type: "boolean", help: "Print one JSON event per line on stdout." },
  ...EXECUTOR_OPTIONS,
  ...REMOTE_OPTIONS,
  ...STORE_OPTION,
  ...REPORTS_OPTION,
} as const satisfies Record<string, Option>;

/** What a verb executes stages with. */
export interface RunSession {
  readonly store: Store;
  readonly runner: Runner<Experiment>;
  /** Another runner over the same store, which a failure of this one does not stop. */
  readonly anotherRunner: (declarations: RunnerOptions<Experiment>["declarations"]) => Runner<Experiment>;
}

/** What a verb may choose of its session. */
export interface RunSessionOptions extends Pick<RunnerOptions<Experiment>, "keepGoing" | "frozen"> {
  readonly display: { show(event: RunEvent): void; end(): void };
  /** Told of each event before the display is. */
  readonly onEvent: (event: RunEvent) => void;
}

/**
 * Opens what stages are executed with, and closes it in order when `work` has ended, however it did.
 * @returns the exit status
 */
export async function withRunSession(
  values: Arguments,
  project: Project,
  signal: AbortSignal,
  { display, onEvent, ...more }: RunSessionOptions,
  work: (session: RunSession) => Promise<number>,
): Promise<number> {
  using store = await openStore(values, project, signal);
  using live = new LiveLog(store.folder);
  const remote = await openRemote(values);
  const executor = await openExecutor({ values, project, store, remote });
  const anotherRunner: RunSession["anotherRunner"] = (declarations) =>
    new Runner({
      store,
      root: project.root,
      declarations,
      executor,
      remote,
      signal,
      onEvent: (event) => {
        live.tell(event);
        onEvent(event);
        display.show(event);
      },
      ...more,
    });
  const runner = anotherRunner(await project.declarations());
  try {
    if (!values.has("dry-run")) await remote?.resume(store);
    return await work({ store, runner, anotherRunner });
  } catch (error) {
    if (!(error instanceof NotAwaited)) throw error;
    display.end();
    voices(values).say(
      "Jobs were handed over and are not waited for. The same command without --detach takes up their results.",
    );
    return 0;
  } finally {
    display.end();
    await runner.finish();
    if (remote) await waitForUploads(remote, signal);
  }
}

/** Throws what kept one of several runs from its end: a failure before what is merely not waited for. */
export function throwFirst(results: readonly PromiseSettledResult<unknown>[]): void {
  const reasons = results.flatMap((result) => result.status === "rejected" ? [result.reason] : []);
  if (reasons.length > 0) throw reasons.find((reason) => !(reason instanceof NotAwaited)) ?? reasons[0];
}

/** Speaks to people, or with `--json` to programs. */
export function voices(values: Arguments) {
  const isJson = values.has("json");
  return {
    print: isJson ? (event: unknown) => console.log(JSON.stringify(event)) : () => {},
    say: isJson ? () => {} : (text: string) => console.log(text),
  };
}
