import { type PartName, PARTS } from "../../../artifacts/dataset.ts";
import { UserError } from "../../../base/errors.ts";
import { sizeOf } from "../../../base/shape.ts";
import { count } from "../../../base/words.ts";
import type { PrepareSlice, Preparing } from "../../preparation.ts";
import type { Prepared } from "../../prepared.ts";
import { refuseTooMany } from "../../refuse_too_many.ts";
import { deal, describeDeal, TAKE_FEWER } from "../own/deal.ts";
import { ExampleWriter } from "../own/example_writer.ts";
import { UNLABELLED } from "../own/unlabelled.ts";
import { type ArrayFile, openArray } from "./array_file.ts";
import { type Labelling, numberClasses, readLabels } from "./labels.ts";
import { type ArrayDataset, labelsOf } from "./schema.ts";
import { rangeOf, remarksOnRange, storageOf, ValueReader } from "./values.ts";

/** What the preparation of arrays depends on. */
export type ArraysSlice =
  & PrepareSlice
  & Omit<ArrayDataset, "name" | "source" | "about">;

/** An array of examples that is given for a part. */
interface GivenArray {
  readonly part: PartName;
  readonly array: ArrayFile;
  /** The number of its first example among all. */
  readonly first: number;
}

/**
 * Makes examples of arrays, which are read once from the first value to the last.
 *
 * @throws {UserError} where an array is not what the spec says, or a part has no examples
 */
export async function prepare(slice: ArraysSlice, stage: Preparing): Promise<Prepared> {
  const { title, layout, split, binarisation, seed } = slice;
  const shape = slice.shape.at(2) === 1 ? slice.shape.slice(0, 2) : slice.shape;
  const given = await openGiven(slice, stage);
  const examples = given.reduce((sum, { array }) => sum + array.shape[0]!, 0);
  const { classes, labels, notices } = await labelAll(slice, given, examples, stage);
  const dealt = deal(byPart(given), split, labels, seed);
  const range = await rangeOf(given.map(({ array }) => array), slice.range);
  const storage = storageOf(given.map(({ array }) => array.type), range);
  const total = PARTS.reduce((sum, part) => sum + dealt[part].length, 0);
  refuseTooMany(
    total * sizeOf(shape) * { uint8: 1, uint16: 2, float32: 4 }[storage.type],
    stage.memoryBytes,
    TAKE_FEWER,
  );

  const partOf: (PartName | undefined)[] = [];
  for (const part of PARTS) for (const example of dealt[part]) partOf[example] = part;
  const { type, most } = storage;
  const writer = new ExampleWriter(stage, { shape, type, most, binarisation, classes: classes.length }, seed);
  const readers = given.map(({ array }) => new ValueReader(array, storage, shape, layout));
  for (const [i, { array, first }] of given.entries()) {
    const reader = readers[i]!;
    for await (const block of array.blocks()) {
      for (let row = 0; row < block.rows; row++) {
        const example = first + block.first + row;
        const part = partOf[example];
        if (part) {
          writer.add(part, reader.read(block.view, row, block.first + row), labels[example]!, example);
        }
      }
      const done = first + block.first + block.rows;
      stage.progress({ fraction: done / examples, text: `examples ${count(done)} of ${count(examples)}` });
      await stage.pause();
    }
  }
  const words = Object.fromEntries(given.map(({ part, array }) => [part, array.reference]));
  return {
    about: {
      title,
      shape,
      scale: writer.scale,
      classes,
      binarisation,
      split: `values ${range.join(" to ")}; ${describeDeal(words, split, classes)}`,
      range,
      pixelMean: writer.pixelMean,
    },
    contactSheet: writer.contactSheet(),
    texts: {},
    notices: [...notices, ...remarksOnRange(readers, range)],
  };
}

async function openGiven(slice: ArraysSlice, stage: Preparing): Promise<GivenArray[]> {
  const given: GivenArray[] = [];
  let first = 0;
  for (const part of PARTS) {
    const reference = slice[part]?.examples;
    if (reference === undefined) continue;
    const array = await openArray(reference, (file) => stage.path(file));
    if (array.type.text) throw new UserError(`Cannot take examples from ${reference}: its values are text`);
    given.push({ part, array, first });
    first += array.shape[0]!;
  }
  return given;
}

async function labelAll(
  slice: ArraysSlice,
  given: readonly GivenArray[],
  examples: number,
  stage: Preparing,
): Promise<Labelling> {
  const wanted = given.map(({ part }) => labelsOf(slice[part]!));
  const labelled = wanted.findIndex((labels) => labels);
  if (labelled < 0) return { classes: [UNLABELLED], labels: new Uint8Array(examples), notices: [] };
  const without = wanted.findIndex((labels) => !labels);
  if (without >= 0) {
    const [has, lacks] = [given[labelled]!.part, given[without]!.part];
    throw new UserError(
      `Cannot label the ${lacks} examples: dataset.${has} has labels, and dataset.${lacks} has none`,
      {
        notes: ["Give labels of all, or of none."],
      },
    );
  }
  const labels: (number | string)[] = [];
  for (const [i, { array }] of given.entries()) {
    labels.push(...await readLabels(wanted[i]!, array.shape[0]!, (file) => stage.path(file)));
  }
  return numberClasses(labels, slice.classes);
}

function byPart(given: readonly GivenArray[]) {
  const examples = given.map(({ part, array, first }) => [
    part,
    Uint32Array.from({ length: array.shape[0]! }, (_, i) => first + i),
  ]);
  return { train: new Uint32Array(), ...Object.fromEntries(examples) };
}
