import { UserError } from "../../base/errors.ts";
import { randomStream } from "../../base/random.ts";
import type { Split, SplitPart } from "./schema.ts";

/** Positions of each part's examples in its file: training and validation in the training file. */
export interface SplitIndices {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
}

/**
 * Chooses the examples of each part, in file order or in one order shuffled by the seed. A part by class keeps
 * that order too; it is not grouped by class.
 * @throws {UserError} where a file or class has too few examples, or training and validation overlap.
 */
export function splitIndices(
  split: Split,
  labels: { readonly train: Uint8Array; readonly test: Uint8Array },
  seed: number,
): SplitIndices {
  const order = (file: "train" | "test") =>
    split.order === "shuffled"
      ? randomStream(seed, `split ${file} file`).permutation(labels[file].length)
      : Uint32Array.from(labels[file].keys());
  const trainOrder = order("train");
  const indices = {
    train: choose("train", split.train, trainOrder, labels.train),
    validation: choose("validation", split.validation, trainOrder, labels.train),
    test: choose("test", split.test, order("test"), labels.test),
  };
  const training = new Set(indices.train);
  const shared = indices.validation.filter((i) => training.has(i)).length;
  if (shared > 0) {
    throw new UserError(`Cannot split: the training and validation parts share ${shared} examples`, {
      notes: [
        "Give dataset.split.validation an offset behind the training part, or make the training part smaller.",
      ],
    });
  }
  return indices;
}

function choose(name: string, part: SplitPart, order: Uint32Array, labels: Uint8Array): Uint32Array {
  if ("count" in part) {
    const end = part.offset + part.count;
    if (end > order.length) {
      throw tooFew(name, `examples up to number ${end}`, `the file has ${order.length}`);
    }
    return order.slice(part.offset, end);
  }
  const end = part.offset + part.perClass;
  const seen = new Map<number, number>();
  const chosen = order.filter((i) => {
    const rank = seen.get(labels[i]!) ?? 0;
    seen.set(labels[i]!, rank + 1);
    return rank >= part.offset && rank < end;
  });
  for (const [label, count] of seen) {
    if (count < end) {
      throw tooFew(name, `examples up to number ${end} of each class`, `class ${label} has ${count}`);
    }
  }
  return chosen;
}

function tooFew(name: string, wanted: string, present: string): UserError {
  return new UserError(`Cannot split: dataset.split.${name} asks for ${wanted}, but ${present}`);
}

/** A split in one sentence, for the report, for example "train: 55000 from number 0; ...; in file order". */
export function describeSplit(split: Split): string {
  const describe = (part: SplitPart) =>
    "count" in part
      ? `${part.count} from position ${part.offset}`
      : `${part.perClass} of each class from position ${part.offset} of the class`;
  const order = split.order === "file" ? "in file order" : "shuffled by the seed";
  return `train: ${describe(split.train)}; validation: ${describe(split.validation)} of the training file; ` +
    `test: ${describe(split.test)} of the test file; ${order}`;
}
