import { type PartName, PARTS } from "../../../artifacts/dataset.ts";
import type { LeftOut } from "../../../artifacts/source_json.ts";
import { UserError } from "../../../base/errors.ts";
import { sizeOf } from "../../../base/shape.ts";
import { count, plural } from "../../../base/words.ts";
import { remarksOnFiles } from "../../file_remarks.ts";
import type { PrepareSlice, Preparing } from "../../preparation.ts";
import type { Prepared } from "../../prepared.ts";
import { refuseTooMany } from "../../refuse_too_many.ts";
import { deal, describeDeal, TAKE_FEWER } from "../own/deal.ts";
import { ExampleWriter } from "../own/example_writer.ts";
import { decodeAll } from "./decode_all.ts";
import type { PictureFormat } from "./fit.ts";
import { type Sorted, sortPictures } from "./given_parts.ts";
import type { PictureDataset } from "./schema.ts";

/** What the preparation of pictures depends on. */
export type PicturesSlice =
  & PrepareSlice
  & PictureFormat
  & Pick<PictureDataset, "brokenFiles" | "split" | "binarisation">;

/**
 * Makes examples of pictures, one after another in the order of their parts, so that no more than a few are in memory.
 *
 * @throws {UserError} where a picture cannot be used, unless the spec skips such files, or where a part has none
 */
export async function prepare(slice: PicturesSlice, stage: Preparing): Promise<Prepared> {
  const { title, size, colour, fit, split, binarisation, seed } = slice;
  const { files, leftOut: missing = [], passedOver = [] } = stage.contents;
  const shape = colour === "grey" ? size : [...size, 3];
  const names = files.map(({ name }) => name).filter((name) => name !== split.file);
  const table = split.file === undefined
    ? undefined
    : { file: split.file, text: new TextDecoder().decode(await stage.read(split.file)) };
  const sorted = sortPictures(names, split, table);
  const dealt = deal(sorted.given, split, sorted.labels, seed);
  const format = { shape, type: "uint8", most: 255, binarisation, classes: sorted.classes.length } as const;
  const writer = new ExampleWriter(stage, format, seed);

  const leftOut: LeftOut[] = [...missing];
  const order = PARTS.flatMap((part) => Array.from(dealt[part], (picture) => ({ part, picture })));
  refuseTooMany(order.length * sizeOf(shape), stage.memoryBytes, TAKE_FEWER);
  const left: Record<PartName, number> = { train: 0, validation: 0, test: 0 };
  let done = 0;
  const jobs = order.map(({ picture }) => names[picture]!);
  for await (const decoded of decodeAll(jobs, (name) => stage.read(name), slice)) {
    const { part, picture } = order[done++]!;
    if ("reason" in decoded) leftOut.push({ name: names[picture]!, reason: decoded.reason });
    else {
      writer.add(part, decoded.example, sorted.labels[picture]!, picture);
      left[part]++;
    }
    stage.progress({
      fraction: done / order.length,
      text: `pictures ${count(done)} of ${count(order.length)}`,
    });
    await stage.pause();
  }
  leftOut.sort((a, b) => a.name < b.name ? -1 : 1);
  refuseBroken(slice, leftOut, left, names.length + missing.length);
  const fitted = { crop: "cut to", pad: "padded to", stretch: "stretched to" }[fit];
  return {
    about: {
      title,
      shape,
      scale: writer.scale,
      classes: sorted.classes,
      binarisation,
      split: `${plural(order.length, "picture")} ${fitted} ${size.join(" x ")}; ${describe(slice, sorted)}`,
      pixelMean: writer.pixelMean,
      ...(leftOut.length > 0 ? { leftOut } : {}),
      ...(passedOver.length > 0 ? { passedOver } : {}),
    },
    contactSheet: writer.contactSheet(),
    texts: {},
    notices: [...remarksOnFiles(leftOut, passedOver), ...remarksOn(sorted)],
  };
}

/** The most files that a message names: a folder may hold nothing else. */
const MOST_NAMED = 50;

/** Names all files that are no pictures, or of which too little is left. */
function refuseBroken(
  { brokenFiles }: PicturesSlice,
  leftOut: readonly LeftOut[],
  left: Readonly<Record<PartName, number>>,
  total: number,
): void {
  const isEmpty = left.train === 0 || left.test === 0;
  if (!isEmpty && (leftOut.length === 0 || brokenFiles === "skip")) return;
  throw new UserError(`Cannot make examples of ${plural(leftOut.length, "file")} of ${count(total)}`, {
    notes: [
      ...leftOut.slice(0, MOST_NAMED).map(({ name, reason }) => `${name}: ${reason}`),
      ...(leftOut.length > MOST_NAMED ? [`... and ${count(leftOut.length - MOST_NAMED)} more`] : []),
      isEmpty && brokenFiles === "skip"
        ? `No picture is left for the ${left.train === 0 ? "training" : "test"} part.`
        : "Mend them or take them out, or go on without them: --set dataset.brokenFiles=skip",
    ],
  });
}

function describe({ split }: PicturesSlice, { given, classes }: Sorted): string {
  if (split.method === "chance") return describeDeal({}, split, classes);
  const from = split.method === "folders" ? "the folder" : `the rows of ${split.file} for`;
  const words = PARTS.filter((name) => given[name]).map((name) => [name, `${from} ${name}`]);
  return describeDeal(Object.fromEntries(words), split, classes);
}

function remarksOn({ classes, unused }: Sorted): string[] {
  const remarks: string[] = [];
  const folded = classes.map((name) => name.toLowerCase());
  const twin = folded.findIndex((name, i) => folded.indexOf(name) < i);
  if (twin >= 0) {
    remarks.push(
      `The classes ${classes[folded.indexOf(folded[twin]!)]} and ${
        classes[twin]
      } differ in nothing but capital letters`,
    );
  }
  if (unused > 0) {
    remarks.push(`Not used: ${plural(unused, "picture")} that the table of parts does not name`);
  }
  return remarks;
}
