import { type DatasetName, DATASETS } from "../datasets/facts.ts";
import { ORIGINS } from "../datasets/registry.ts";
import { fetchFolder } from "../datasets/sources/folder.ts";
import { fetchHttps } from "../datasets/sources/https.ts";
import { fetchNpm } from "../datasets/sources/npm.ts";
import type { Delivered, Delivery } from "../datasets/sources/source.ts";
import type { StageContext } from "../graph/stage.ts";
import type { DatasetSpec } from "../spec/schema.ts";

export interface DownloadSlice {
  readonly dataset: DatasetName;
}

/** Every source delivers the same bytes, so where they come from is no part of the key. */
export interface DownloadSource {
  readonly source: DatasetSpec["source"];
}

/** Writes the dataset's files under their own names, and `source.json`: what they are and who made them. */
export async function run(context: StageContext<DownloadSlice, DownloadSource>): Promise<void> {
  const { title } = DATASETS[context.slice.dataset];
  const origin = ORIGINS[context.slice.dataset];
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
  await Deno.writeTextFile(
    context.output("source.json"),
    JSON.stringify({ name: context.slice.dataset, title, authors, licence, url, files }, null, 2) + "\n",
  );
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
