import { PARTS } from "../../../artifacts/dataset.ts";
import { UserError } from "../../../base/errors.ts";
import { nearest } from "../../../base/nearest.ts";
import { lastName } from "../../../base/own_module.ts";
import { sizeOf } from "../../../base/shape.ts";
import { count } from "../../../base/words.ts";
import type { PrepareSlice, Preparing } from "../../preparation.ts";
import type { Prepared } from "../../prepared.ts";
import { numberClasses } from "../arrays/labels.ts";
import { deal, describeDeal } from "../own/deal.ts";
import { ExampleWriter } from "../own/example_writer.ts";
import { UNLABELLED } from "../own/unlabelled.ts";
import type { OwnDataFiles, OwnDatasetModule, OwnExamples } from "../../own_dataset.ts";
import type { OwnDataset } from "./schema.ts";

/** What the preparation depends on, beside the code of the module. */
export type OwnDatasetSlice = PrepareSlice & Omit<OwnDataset, "name" | "source" | "about">;

/** Examples between two looks at whether the run was interrupted. */
const AT_ONCE = 1000;

/**
 * Deals out the examples that the module of the user's makes.
 *
 * @throws {UserError} where they are not what the module's contract says
 */
export async function prepare(slice: OwnDatasetSlice, stage: Preparing): Promise<Prepared> {
  const { title, module, options, split, binarisation, seed } = slice;
  const file = lastName(module);
  const shape = slice.shape.at(2) === 1 ? slice.shape.slice(0, 2) : slice.shape;
  const { readExamples }: OwnDatasetModule = await stage.loadOwn();
  const made: OwnExamples = await readExamples({ options, shape }, filesOf(slice, stage));
  const examples = requireExamples(made, sizeOf(shape), file);
  const { classes, labels, notices } = made.labels
    ? numberClasses(Array.from(made.labels), slice.classes)
    : { classes: [UNLABELLED], labels: new Uint8Array(examples), notices: [] };
  const dealt = deal({ train: Uint32Array.from({ length: examples }, (_, i) => i) }, split, labels, seed);

  const { values } = made, size = sizeOf(shape);
  const areBytes = values instanceof Uint8Array;
  const format = { type: areBytes ? "uint8" as const : "float32" as const, most: areBytes ? 255 : 1 };
  const writer = new ExampleWriter(stage, { shape, ...format, binarisation, classes: classes.length }, seed);
  let done = 0;
  for (const part of PARTS) {
    for (const example of dealt[part]) {
      writer.add(part, values.slice(example * size, (example + 1) * size), labels[example]!, example);
      if (++done % AT_ONCE > 0) continue;
      stage.progress({ fraction: done / examples, text: `examples ${count(done)} of ${count(examples)}` });
      await stage.pause();
    }
  }
  return {
    about: {
      title,
      shape,
      scale: writer.scale,
      classes,
      binarisation,
      split: describeDeal({ train: `the examples of ${file}` }, split, classes),
      pixelMean: writer.pixelMean,
    },
    contactSheet: writer.contactSheet(),
    texts: {},
    notices,
  };
}

function filesOf({ files }: OwnDatasetSlice, stage: Preparing): OwnDataFiles {
  return {
    names: files,
    async read(name) {
      if (files.includes(name)) return await stage.read(name);
      const close = nearest(name, files);
      throw new UserError(`Cannot read ${name}: dataset.files does not list it`, {
        notes: [
          ...(close ? [`Did you mean ${close}?`] : []),
          "Files that are listed are in the key of the stage; others cannot be read.",
        ],
      });
    },
  };
}

/** Holds what a module returned to its contract. @returns how many examples there are */
function requireExamples(made: unknown, size: number, file: string): number {
  const refuse = (problem: string, ...notes: readonly string[]) =>
    new UserError(`Cannot take the examples of ${file}: ${problem}`, { notes });
  const { values, labels } = (typeof made === "object" ? { ...made } : {}) as Partial<OwnExamples>;
  if (!(values instanceof Uint8Array || values instanceof Float32Array)) {
    throw refuse("its values are neither a Uint8Array nor a Float32Array");
  }
  const examples = values.length / size;
  if (values.length === 0) throw refuse("there are none");
  if (!Number.isInteger(examples)) {
    throw refuse(`${count(values.length)} values are no whole number of examples of ${count(size)}`);
  }
  const wrong = values instanceof Uint8Array ? -1 : values.findIndex((value) => !(value >= 0 && value <= 1));
  if (wrong >= 0) {
    throw refuse(
      `value ${wrong % size} of example ${count(Math.floor(wrong / size))} is ${values[wrong]}`,
      "Numbers lie between 0 and 1; a Uint8Array has 255 for 1.",
    );
  }
  if (labels !== undefined && labels.length !== examples) {
    throw refuse(`${count(labels.length)} labels do not belong to ${count(examples)} examples`);
  }
  const odd = labels &&
    Array.from(labels).find((label) => typeof label !== "string" && !Number.isSafeInteger(label));
  if (odd !== undefined) throw refuse(`${odd} is no label: labels are whole numbers or text`);
  return examples;
}
