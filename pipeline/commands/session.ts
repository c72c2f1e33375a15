import type { RunEvent } from "../graph/events.ts";
import { Runner, type RunnerOptions } from "../graph/runner.ts";
import { Store } from "../store/store.ts";
import { absolute, type Arguments, type Option, type Project, STORE_OPTION, storeFolder } from "./command.ts";
import { openRemote, REMOTE_OPTIONS, waitForUploads } from "./remote.ts";

/** Options of the commands that execute stages. */
export const SESSION_OPTIONS = {
  jobs: {
    type: "string",
    value: "N",
    help: "Stages that run at the same time. Default: one for each core, as far as memory goes (1.5 GB each)",
  },
  json: { type: "boolean", help: "Print one JSON event per line on stdout." },
  ...REMOTE_OPTIONS,
  ...STORE_OPTION,
  reports: { type: "string", value: "DIR", help: "Where reports are written. Default: reports" },
} as const satisfies Record<string, Option>;

/** More than any shipped spec's training takes. */
const BYTES_PER_STAGE = 1.5e9;

/**
 * A training runs on two threads, but two at once on one core each get at least as far as in turn on both, and
 * stages that use one thread leave no core idle (bench/README.md has the numbers).
 */
export function defaultJobs(cores: number, availableBytes: number): number {
  return Math.max(1, Math.min(cores, Math.floor(availableBytes / BYTES_PER_STAGE)));
}

/** What a command executes stages with. */
export interface Session<Spec> {
  readonly store: Store;
  readonly runner: Runner<Spec>;
  /** Another runner over the same store, which a failure of this one does not stop. */
  readonly anotherRunner: (declarations: RunnerOptions<Spec>["declarations"]) => Runner<Spec>;
}

export interface SessionOptions<Spec> extends Pick<RunnerOptions<Spec>, "keepGoing" | "frozen"> {
  readonly display: { show(event: RunEvent): void; end(): void };
  /** Told of each event before the display is. */
  readonly onEvent: (event: RunEvent) => void;
}

/** Opens what stages are executed with, and closes it in order when `work` has ended, however it did. */
export async function withSession<Spec extends { readonly name: string }, Value>(
  values: Arguments,
  project: Project<Spec>,
  signal: AbortSignal,
  { display, onEvent, ...more }: SessionOptions<Spec>,
  work: (session: Session<Spec>) => Promise<Value>,
): Promise<Value> {
  using store = await Store.open(
    storeFolder(values, project.root),
    () => console.error("Waiting for gc or doctor, which is at work in the store"),
  );
  const remote = await openRemote(values);
  const jobs = values.count("jobs", 1) ??
    defaultJobs(navigator.hardwareConcurrency, Deno.systemMemoryInfo().available);
  const anotherRunner: Session<Spec>["anotherRunner"] = (declarations) =>
    new Runner<Spec>({
      store,
      root: project.root,
      declarations,
      jobs,
      remote,
      signal,
      onEvent: (event) => {
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

/** Speaks to people, or with `--json` to programs. */
export function voices(values: Arguments) {
  const isJson = values.has("json");
  return {
    print: isJson ? (event: unknown) => console.log(JSON.stringify(event)) : () => {},
    say: isJson ? () => {} : (text: string) => console.log(text),
  };
}

export function reportsFolder(values: Arguments, root: string): string {
  return absolute(values.value("reports"), `${root}/reports`);
}
