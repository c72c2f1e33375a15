import { readArtifact } from "../artifacts/artifact.ts";
import { type PartInfo, type PartName, PARTS, writeDatasetInfo } from "../artifacts/dataset.ts";
import { type ExampleArray, PartWriter } from "../artifacts/part_writer.ts";
import { PackReader } from "../artifacts/pack.ts";
import { SOURCE_JSON } from "../artifacts/source_json.ts";
import { pauseWithin } from "../base/pause.ts";
import type { OwnDatasetModule } from "../kinds/own_dataset.ts";
import type { PreparationModule, PrepareSlice } from "../kinds/preparation.ts";
import { encodePng } from "../formats/png.ts";
import type { StageContext } from "../graph/stage.ts";

/** The way to make examples, and the module of the user's where the dataset is one. */
type Roles = { readonly preparation: PreparationModule; readonly dataset: OwnDatasetModule };
type Context = StageContext<PrepareSlice, null, Roles>;

/** Turns the dataset's files into the arrays of each part, `dataset.json` and a contact sheet. */
export async function run(context: Context): Promise<void> {
  const { slice } = context;
  const source = await readArtifact(context, SOURCE_JSON);
  const { authors, licence, url } = source;
  const path = (name: string) => context.input(`download/${name}`);
  using pack = source.pack === undefined ? undefined : new PackReader(path(source.pack), source.files);
  const output = (name: string) => context.output(name);
  const writers = {} as Record<PartName, PartWriter>;
  const open = (name: PartName, array: ExampleArray) => writers[name] = new PartWriter(output, name, array);
  context.progress({ fraction: 0, text: "reading" });
  const { prepare } = await context.load("preparation");
  const { about, contactSheet, texts, notices } = await prepare(slice, {
    contents: source,
    memoryBytes: context.memoryBytes,
    read: (name) => pack ? Promise.resolve(pack.read(name)) : Deno.readFile(path(name)),
    path,
    loadOwn: () => context.load("dataset"),
    part: open,
    progress: (event) => context.progress(event),
    pause: pauseWithin(context.signal),
  });
  for (const notice of notices) context.notice(notice);

  const parts = {} as Record<PartName, PartInfo>;
  for (const name of PARTS) {
    parts[name] = (writers[name] ?? open(name, { shape: about.shape, type: "uint8" })).close(about);
  }
  await Deno.writeFile(context.output("contact-sheet.png"), encodePng(contactSheet));
  for (const [name, text] of Object.entries(texts)) await Deno.writeTextFile(context.output(name), text);
  await writeDatasetInfo(output, { name: slice.dataset, licence, authors, url, ...about, parts });
}
