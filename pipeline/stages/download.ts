import { writeArtifact } from "../artifacts/artifact.ts";
import { SOURCE_JSON } from "../artifacts/source_json.ts";
import { type DatasetName, IMAGE_DATASETS, isMusicName, MUSIC_DATASETS } from "../datasets/facts.ts";
import { type DataFile, type DatasetOrigin, ORIGINS } from "../datasets/registry.ts";
import { fetchFolder } from "../datasets/sources/folder.ts";
import { fetchHttps } from "../datasets/sources/https.ts";
import { fetchNpm } from "../datasets/sources/npm.ts";
import type { Delivered, Delivery } from "../datasets/sources/source.ts";
import { userOrigin } from "../datasets/sources/user_midi.ts";
import type { StageContext } from "../graph/stage.ts";
import type { DatasetSpec } from "../spec/schema.ts";

export interface DownloadSlice {
  readonly dataset: DatasetName;
  /** Of a user's own: what they hold is part of the key. */
  readonly files?: readonly DataFile[];
}

/** Every source delivers the same bytes, so where they come from is no part of the key. */
export interface DownloadSource {
  readonly source: DatasetSpec["source"];
}

/** Writes the dataset's files under their own names, and `source.json`: what they are and who made them. */
export async function run(context: StageContext<DownloadSlice, DownloadSource>): Promise<void> {
  const { dataset } = context.slice;
  const { title } = isMusicName(dataset) ? MUSIC_DATASETS[dataset] : IMAGE_DATASETS[dataset];
  const origin = originOf(context.slice);
  const delivered = await deliver(context.unkeyed.source, {
    title,
    origin,
    output: (name) => context.output(name),
    scratch: context.scratch,
    signal: context.signal,
    progress: (event) => context.progress(event),
  });
  context.record("source", delivered);
  const { authors, licence, url, files } = origin;
  await writeArtifact(context, SOURCE_JSON, { name: dataset, title, authors, licence, url, files });
}

function originOf({ dataset, files = [] }: DownloadSlice): DatasetOrigin {
  return dataset === "midi" ? userOrigin(files) : ORIGINS[dataset];
}

function deliver(source: DatasetSpec["source"], delivery: Delivery): Delivered {
  switch (source.type) {
    case "npm":
      return fetchNpm(delivery);
    case "https":
      return fetchHttps(source.mirrors, delivery);
    case "folder":
      return fetchFolder(source.path, delivery);
  }
}
