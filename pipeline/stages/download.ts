import { type DatasetName, IMAGE_DATASETS, isMusicName, MUSIC_DATASETS } from "../datasets/facts.ts";
import { type DatasetOrigin, ORIGINS } from "../datasets/registry.ts";
import { fetchFolder } from "../datasets/sources/folder.ts";
import { fetchHttps } from "../datasets/sources/https.ts";
import { fetchNpm } from "../datasets/sources/npm.ts";
import type { Delivered, Delivery } from "../datasets/sources/source.ts";
import { deliverUserFiles, type UserFiles, userOrigin } from "../datasets/sources/user_midi.ts";
import type { StageContext } from "../graph/stage.ts";
import type { DatasetSpec } from "../spec/schema.ts";

export interface DownloadSlice extends Partial<UserFiles> {
  readonly dataset: DatasetName;
}

/** Every source delivers the same bytes, so where they come from is no part of the key. */
export interface DownloadSource {
  readonly source: DatasetSpec["source"];
}

/** Writes the dataset's files under their own names, and `source.json`: what they are and who made them. */
export async function run(context: StageContext<DownloadSlice, DownloadSource>): Promise<void> {
  const { dataset, leftOut, passedOver } = context.slice;
  const { title } = isMusicName(dataset) ? MUSIC_DATASETS[dataset] : IMAGE_DATASETS[dataset];
  const origin = originOf(context.slice);
  const delivered = await deliver(dataset, context.unkeyed.source, {
    title,
    origin,
    output: (name) => context.output(name),
    scratch: context.scratch,
    signal: context.signal,
    progress: (event) => context.progress(event),
  });
  context.record("source", delivered);
  const { authors, licence, url, files } = origin;
  await Deno.writeTextFile(
    context.output("source.json"),
    JSON.stringify({ name: dataset, title, authors, licence, url, files, leftOut, passedOver }, null, 2) +
      "\n",
  );
}

function originOf({ dataset, files = [] }: DownloadSlice): DatasetOrigin {
  return dataset === "midi" ? userOrigin(files) : ORIGINS[dataset];
}

function deliver(dataset: DatasetName, source: DatasetSpec["source"], delivery: Delivery): Delivered {
  switch (source.type) {
    case "npm":
      return fetchNpm(delivery);
    case "https":
      return fetchHttps(source.mirrors, delivery);
    case "folder":
      return dataset === "midi"
        ? deliverUserFiles(source.path, delivery)
        : fetchFolder(source.path, delivery);
  }
}
