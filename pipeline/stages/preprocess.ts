import { type DatasetInfo, type PartInfo, type PartName, PARTS } from "../artifacts/dataset.ts";
import type { KindPreparation, PrepareSlice } from "../kinds/kind.ts";
import type { Prepared, ReadFile } from "../kinds/prepared.ts";
import type { DatasetOrigin } from "../datasets/origin.ts";
import { encodeNpy } from "../formats/npy.ts";
import { encodePng } from "../formats/png.ts";
import type { StageContext } from "../graph/stage.ts";

type Context = StageContext<PrepareSlice, null, { readonly kind: KindPreparation }>;

type Source = Pick<DatasetOrigin, "authors" | "licence" | "url" | "files">;

/** Turns the dataset's files into the arrays of each part, `dataset.json` and a contact sheet. */
export async function run(context: Context): Promise<void> {
  const { slice } = context;
  const source: Source = JSON.parse(await Deno.readTextFile(context.input("download/source.json")));
  const read: ReadFile = (name) => Deno.readFile(context.input(`download/${name}`));
  context.progress({ fraction: 0, text: "reading" });
  const { prepare } = await context.load("kind");
  const { about, parts, contactSheet, texts, notices } = await prepare(slice, source.files, read);
  for (const notice of notices) context.notice(notice);

  const written = {} as Record<PartName, PartInfo>;
  for (const [i, name] of PARTS.entries()) {
    context.signal.throwIfAborted();
    context.progress({ fraction: (1 + i) / 4, text: `writing ${name}.npy` });
    written[name] = await writePart(context, name, parts[name], about);
  }
  await Deno.writeFile(context.output("contact-sheet.png"), encodePng(contactSheet));
  for (const [name, text] of Object.entries(texts)) await Deno.writeTextFile(context.output(name), text);
  const { authors, licence, url } = source;
  const info: DatasetInfo = { name: slice.dataset, licence, authors, url, ...about, parts: written };
  await Deno.writeTextFile(context.output("dataset.json"), JSON.stringify(info, null, 2) + "\n");
}

async function writePart(
  context: Context,
  name: PartName,
  { images, labels }: Prepared["parts"][PartName],
  { shape, scale, classes }: Prepared["about"],
): Promise<PartInfo> {
  const examples = labels.length;
  const array = encodeNpy({ shape: [examples, ...shape], data: images });
  await Deno.writeFile(context.output(`${name}.npy`), array);
  await Deno.writeFile(context.output(`${name}_labels.npy`), encodeNpy({ shape: [examples], data: labels }));
  // A sum of whole numbers, so no rounding depends on order.
  const sum = images.reduce((total, value) => total + value, 0);
  return {
    examples,
    perClass: classes.map((_, label) => labels.reduce((count, other) => count + Number(other === label), 0)),
    mean: examples === 0 ? null : sum * scale / images.length,
    bytes: array.length,
  };
}
