import type { Credits, DataFile, Places } from "../datasets/origin.ts";
import type { SourceModule, SourceSpec } from "../datasets/sources/source.ts";
import type { StageContext } from "../graph/stage.ts";

export interface DownloadSlice extends Credits {
  readonly dataset: string;
  readonly title: string;
  /** What every source is held to; of a user's own, what they hold is part of the key. */
  readonly files: readonly DataFile[];
}

/** Every source delivers the same bytes, so where they come from is no part of the key. */
export interface DownloadPlaces extends Places {
  readonly source: SourceSpec;
}

type Context = StageContext<DownloadSlice, DownloadPlaces, { readonly source: SourceModule }>;

/** Writes the dataset's files under their own names, and `source.json`: what they are and who made them. */
export async function run(context: Context): Promise<void> {
  const { dataset, title, authors, licence, url, files } = context.slice;
  const { source, ...places } = context.passthrough;
  const { deliver } = await context.load("source");
  const delivered = await deliver(source, {
    title,
    origin: { authors, licence, url, files, ...places },
    output: (name) => context.output(name),
    scratch: context.scratch,
    signal: context.signal,
    progress: (event) => context.progress(event),
  });
  context.record("source", delivered);
  await Deno.writeTextFile(
    context.output("source.json"),
    JSON.stringify({ name: dataset, title, authors, licence, url, files }, null, 2) + "\n",
  );
}
