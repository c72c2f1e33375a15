import { hasClasses, type PartName } from "../../../artifacts/dataset.ts";
import { UserError } from "../../../base/errors.ts";
import { randomStream } from "../../../base/random.ts";
import { count } from "../../../base/words.ts";
import type { Amount, OwnParts } from "./schema.ts";

/** What to do where examples take too much memory. */
export const TAKE_FEWER = 'Take fewer: "train": { "count": 100000 } in dataset.split; or smaller ones.';

/** Examples by the part that the user gives them for; what is not given is drawn from the training examples. */
export interface Given {
  readonly train: Uint32Array;
  readonly validation?: Uint32Array | undefined;
  readonly test?: Uint32Array | undefined;
}

/** The test part where neither examples nor an amount are given. */
const TEST_SHARE: Amount = { share: 0.1 };

/**
 * Deals examples out to the parts, by the seed. Each part is in an order drawn at random, so that its first examples
 * are of all classes.
 *
 * @param labels of all examples
 * @throws {UserError} where there are too few
 */
export function deal(
  given: Given,
  parts: OwnParts,
  labels: Uint8Array,
  seed: number,
): Record<PartName, Uint32Array> {
  let rest = shuffled(given.train, seed, "train");
  const take = (name: "test" | "validation", wanted: Amount | undefined): Uint32Array => {
    const own = given[name];
    if (own) {
      return wanted ? draw(shuffled(own, seed, name), labels, wanted, name).taken : shuffled(own, seed, name);
    }
    if (!wanted) return new Uint32Array();
    const drawn = draw(rest, labels, wanted, name);
    rest = drawn.left;
    return drawn.taken;
  };
  const test = take("test", parts.test ?? (given.test ? undefined : TEST_SHARE));
  const validation = take("validation", parts.validation);
  const train = parts.train ? draw(rest, labels, parts.train, "train").taken : rest;
  for (const [name, part] of [["training", train], ["test", test]] as const) {
    if (part.length > 0) continue;
    throw new UserError(`Cannot split: the ${name} part has no examples`, {
      notes: [
        `There are ${count(labels.length)} examples. Give other amounts in dataset.split, or more examples.`,
      ],
    });
  }
  return { train, validation, test };
}

function shuffled(examples: Uint32Array, seed: number, name: PartName): Uint32Array {
  return randomStream(seed, `deal ${name} examples`).permutation(examples.length).map((i) => examples[i]!);
}

/** Takes the first of the examples, all in all or of each class. */
function draw(examples: Uint32Array, labels: Uint8Array, amount: Amount, name: PartName) {
  if ("count" in amount) {
    if (amount.count > examples.length) {
      throw tooFew(name, `${count(amount.count)} examples`, `there are ${count(examples.length)}`);
    }
    return { taken: examples.slice(0, amount.count), left: examples.slice(amount.count) };
  }
  const wanted = amountPerClass(examples, labels, amount, name);
  const isTaken = examples.map((i) => wanted[labels[i]!]!-- > 0 ? 1 : 0);
  return {
    taken: examples.filter((_, i) => isTaken[i] === 1),
    left: examples.filter((_, i) => isTaken[i] === 0),
  };
}

/** How many of each label to take. Shares are rounded so that their sum is the share of all. */
function amountPerClass(
  examples: Uint32Array,
  labels: Uint8Array,
  amount: Exclude<Amount, { count: number }>,
  name: PartName,
): Int32Array {
  const there = new Int32Array(256);
  for (const i of examples) there[labels[i]!]!++;
  if ("share" in amount) {
    let sum = 0;
    let taken = 0;
    const wanted = there.map((size) => {
      sum += size * amount.share;
      const some = Math.round(sum) - taken;
      taken += some;
      return some;
    });
    // A share of few examples is one at least.
    if (taken === 0) wanted[there.indexOf(Math.max(...there))] = 1;
    return wanted;
  }
  const lacking = there.findIndex((size) => size > 0 && size < amount.perClass);
  if (lacking >= 0) {
    throw tooFew(
      name,
      `${count(amount.perClass)} examples of each class`,
      `class ${lacking} has ${there[lacking]}`,
    );
  }
  return there.map((size) => size > 0 ? amount.perClass : 0);
}

function tooFew(name: PartName, wanted: string, there: string): UserError {
  return new UserError(`Cannot split: dataset.split.${name} asks for ${wanted}, and ${there}`, {
    notes: ["The test part is drawn first, then validation, then training."],
  });
}

/**
 * How the parts came about, in a sentence.
 *
 * @param given what the examples are called that are given for a part
 */
export function describeDeal(
  given: { readonly [Name in PartName]?: string | undefined },
  parts: OwnParts,
  classes: readonly string[],
): string {
  const ofEach = hasClasses({ classes }) ? " of each class" : "";
  const words = (name: PartName, amount: Amount | undefined, otherwise: string) => {
    const of = given[name] ?? given.train ?? "the examples";
    if (!amount) return `${name}: ${given[name] && name !== "train" ? `all of ${of}` : otherwise}`;
    const many = "share" in amount
      ? `${Number((100 * amount.share).toFixed(2))} %${ofEach}`
      : "count" in amount
      ? count(amount.count)
      : `${count(amount.perClass)}${ofEach}`;
    return `${name}: ${many} of ${of}`;
  };
  const test = parts.test ?? (given.test ? undefined : TEST_SHARE);
  return [
    words("train", parts.train, `the rest of ${given.train ?? "the examples"}`),
    ...(parts.validation || given.validation ? [words("validation", parts.validation, "")] : []),
    words("test", test, ""),
    "drawn by the seed",
  ].join("; ");
}
