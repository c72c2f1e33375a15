import type { RunEvent } from "../../graph/events.ts";
import { LocalExecutor, localSlots } from "../../graph/executors/local.ts";
import { Runner, type RunnerOptions } from "../../graph/runner.ts";
import type { Experiment } from "../../spec/experiment.ts";
import { Store } from "../../store/store.ts";
import type { Arguments } from "../line/arguments.ts";
import { REPORTS_OPTION, STORE_OPTION, storeFolder } from "../line/options.ts";
import type { Project } from "../line/project.ts";
import type { Option } from "../line/verb.ts";
import { LiveLog } from "./live.ts";
import { openRemote, REMOTE_OPTIONS, waitForUploads } from "./remote.ts";

/** Options of the verbs that execute stages. */
export const RUN_OPTIONS = {
  jobs: {
    type: "string",
    value: "N",
    help: "Stages that run at the same time. Default: one for each core, as far as memory goes (1.5 GB each)",
  },
  json: { type: "boolean", help: "Print one JSON event per line on stdout." },
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

/** Opens what stages are executed with, and closes it in order when `work` has ended, however it did. */
export async function withRunSession<Value>(
  values: Arguments,
  project: Project,
  signal: AbortSignal,
  { display, onEvent, ...more }: RunSessionOptions,
  work: (session: RunSession) => Promise<Value>,
): Promise<Value> {
  using store = await Store.open(
    storeFolder(values, project.root),
    () => console.error("Waiting for gc or doctor, which is at work in the store"),
  );
  using live = new LiveLog(store.folder);
  const remote = await openRemote(values);
  const executor = localExecutor(values, project, store);
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
  } finally {
    display.end();
    await runner.finish();
    if (remote) await waitForUploads(remote, signal);
  }
}

/** Executes stages on this machine, as many at once as `--jobs` says. */
function localExecutor(values: Arguments, { root }: Project, store: Store): LocalExecutor {
  const slots = values.count("jobs", 1) ??
    localSlots(navigator.hardwareConcurrency, Deno.systemMemoryInfo().available);
  return new LocalExecutor({ store, root, slots });
}

/** Speaks to people, or with `--json` to programs. */
export function voices(values: Arguments) {
  const isJson = values.has("json");
  return {
    print: isJson ? (event: unknown) => console.log(JSON.stringify(event)) : () => {},
    say: isJson ? () => {} : (text: string) => console.log(text),
  };
}
