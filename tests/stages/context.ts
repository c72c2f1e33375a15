import { join } from "node:path";
import type { StageContext } from "../../pipeline/graph/stage.ts";
import type { Progress } from "../../pipeline/base/progress.ts";
import { sha256 } from "../../pipeline/store/sealed.ts";
import type { Json } from "../../pipeline/base/json.ts";

/** What a stage told its context. */
export interface Told {
  readonly progress: Progress[];
  readonly records: Record<string, Json>;
  readonly notices: string[];
}

/**
 * A context for a stage's `run` outside a worker. Outputs go to `folder/<stage>/`, and inputs are read from
 * `folder/<other stage>/`, so stages run one after the other in the same folder find each other's files.
 */
export async function stageContext<Slice, Passthrough = null>(
  folder: string,
  stage: string,
  slice: Slice,
  options: {
    readonly passthrough?: Passthrough;
    readonly inputs?: readonly string[];
    readonly signal?: AbortSignal;
    /** Where the variants are that the stage loads, by role. */
    readonly modules?: Readonly<Record<string, URL>>;
  } = {},
  // deno-lint-ignore no-explicit-any -- what a role loads is the declaration's affair
): Promise<{ context: StageContext<Slice, Passthrough, any>; told: Told }> {
  const output = join(folder, stage);
  const scratch = join(folder, `${stage}.scratch`);
  await Deno.mkdir(output, { recursive: true });
  await Deno.mkdir(scratch, { recursive: true });
  const told: Told = { progress: [], records: {}, notices: [] };
  // deno-lint-ignore no-explicit-any
  const context: StageContext<Slice, Passthrough, any> = {
    key: sha256(JSON.stringify([stage, slice])),
    slice,
    passthrough: options.passthrough as Passthrough,
    load: async (role) => await import(options.modules![role]!.href),
    input: (name) => join(folder, name),
    inputs: (options.inputs ?? []).toSorted(),
    output(path) {
      const file = join(output, path);
      Deno.mkdirSync(join(file, ".."), { recursive: true });
      return file;
    },
    scratch,
    memoryBytes: Infinity,
    signal: options.signal ?? new AbortController().signal,
    progress: (event) => void told.progress.push(event),
    record: (name, value) => void (told.records[name] = value),
    notice: (message) => void told.notices.push(message),
  };
  return { context, told };
}
