import { writeArtifact } from "../artifacts/artifact.ts";
import { type Contents, type Credits, SOURCE_JSON } from "../artifacts/source_json.ts";
import type { Places } from "../datasets/origin.ts";
import type { SourceModule, SourceSpec } from "../datasets/sources/source.ts";
import type { StageContext } from "../graph/stage.ts";

/** What every source is held to, and so part of the key: also what a user's own files hold. */
export interface DownloadSlice extends Credits, Contents {
  readonly dataset: string;
  readonly title: string;
}

/** Every source delivers the same bytes, so where they come from is no part of the key. */
export interface DownloadPlaces extends Places {
  readonly source: SourceSpec;
}

type Context = StageContext<DownloadSlice, DownloadPlaces, { readonly source: SourceModule }>;

/** Writes the dataset's files under their own names, and `source.json`: what they are and who made them. */
export async function run(context: Context): Promise<void> {
  const { dataset, title, authors, licence, url, files, pack, leftOut, passedOver } = context.slice;
  const { source, ...places } = context.passthrough;
  const { deliver } = await context.load("source");
  const delivered = await deliver(source, {
    title,
    origin: { authors, licence, url, files, pack, ...places },
    output: (name) => context.output(name),
    scratch: context.scratch,
    signal: context.signal,
    progress: (event) => context.progress(event),
  });
  context.record("source", delivered);
  const contents = {
    files,
    ...(pack ? { pack } : {}),
    ...(leftOut ? { leftOut } : {}),
    ...(passedOver ? { passedOver } : {}),
  };
  await writeArtifact(context, SOURCE_JSON, { name: dataset, title, authors, licence, url, ...contents });
}
