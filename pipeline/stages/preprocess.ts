import { readArtifact } from "../artifacts/artifact.ts";
import { type PartInfo, type PartName, PARTS, writeDatasetInfo, writePart } from "../artifacts/dataset.ts";
import { SOURCE_JSON } from "../artifacts/source_json.ts";
import type { KindPreparation, PrepareSlice } from "../kinds/kind.ts";
import type { ReadFile } from "../kinds/prepared.ts";
import { encodePng } from "../formats/png.ts";
import type { StageContext } from "../graph/stage.ts";

type Context = StageContext<PrepareSlice, null, { readonly kind: KindPreparation }>;

/** Turns the dataset's files into the arrays of each part, `dataset.json` and a contact sheet. */
export async function run(context: Context): Promise<void> {
  const { slice } = context;
  const source = await readArtifact(context, SOURCE_JSON);
  const { authors, licence, url } = source;
  const read: ReadFile = (name) => Deno.readFile(context.input(`download/${name}`));
  context.progress({ fraction: 0, text: "reading" });
  const { prepare } = await context.load("kind");
  const { about, parts, contactSheet, texts, notices } = await prepare(slice, source, read);
  for (const notice of notices) context.notice(notice);

  const output = (name: string) => context.output(name);
  const written = {} as Record<PartName, PartInfo>;
  for (const [i, name] of PARTS.entries()) {
    context.signal.throwIfAborted();
    context.progress({ fraction: (1 + i) / 4, text: `writing ${name}.npy` });
    written[name] = await writePart(output, name, parts[name], about);
  }
  await Deno.writeFile(context.output("contact-sheet.png"), encodePng(contactSheet));
  for (const [name, text] of Object.entries(texts)) await Deno.writeTextFile(context.output(name), text);
  await writeDatasetInfo(output, { name: slice.dataset, licence, authors, url, ...about, parts: written });
}
