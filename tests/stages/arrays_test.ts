import assert from "node:assert/strict";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { gather, readDataset } from "../../pipeline/artifacts/dataset.ts";
import { UserError } from "../../pipeline/base/errors.ts";
import { encodeNpy, type NpyData } from "../../pipeline/formats/npy.ts";
import { type ExperimentInput, experimentSchema } from "../../pipeline/spec/experiment.ts";
import { zip } from "../kinds/images/arrays/zip.ts";
import { writeFiles } from "../kinds/images/pictures/painted.ts";
import { prepare, runStage, withFolder } from "./small_mnist.ts";

type Changes = Omit<Extract<ExperimentInput["dataset"], { name: "arrays" }>, "name" | "source">;

function experiment(folder: string, dataset: Changes, rest: Partial<ExperimentInput> = {}) {
  return experimentSchema.parse({
    name: "own-arrays",
    dataset: { name: "arrays", source: { type: "folder", path: join(folder, "mine") }, ...dataset },
    model: { architecture: "dense", latentSize: 2, encoder: { units: [8] }, decoder: { units: [8] } },
    training: { epochs: 2, batchSize: 4 },
    evaluation: { importanceSamples: 4, importanceExamples: 2 },
    ...rest,
  });
}

const npy = (shape: number[], data: NpyData) => encodeNpy({ shape, data });

function idx(shape: number[], values: Uint8Array): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  header.setUint32(0, 0x800 + shape.length);
  shape.forEach((side, axis) => header.setUint32(4 + 4 * axis, side));
  return Uint8Array.of(...new Uint8Array(header.buffer), ...values);
}

/** Makes the parts, and gives all examples as values in [0, 1], by their first value. */
async function prepared(folder: string, dataset: Changes) {
  const { preprocess } = await prepare(folder, experiment(folder, dataset));
  const { info, ...parts } = await readDataset((name) => join(folder, "preprocess", name));
  const examples = (["train", "validation", "test"] as const).flatMap((name) => {
    const part = parts[name];
    const values = gather(
      part,
      [...Array(part.examples).keys()],
      new Float32Array(part.examples * part.size),
    );
    return Array.from({ length: part.examples }, (_, i) => ({
      name,
      label: part.labels[i]!,
      values: Array.from(values.subarray(i * part.size, (i + 1) * part.size)),
    }));
  });
  return { info, parts, examples, notices: preprocess.notices };
}

Deno.test("IDX files with MNIST's names are the parts that they are given for", () =>
  withFolder(async (folder) => {
    const images = Uint8Array.from({ length: 12 * 6 }, (_, i) => i);
    await writeFiles(join(folder, "mine"), {
      "train-images.gz": gzipSync(idx([12, 2, 3], images)),
      "train-labels.gz": gzipSync(idx([12], Uint8Array.from({ length: 12 }, (_, i) => i % 3))),
      "test-images": idx([4, 2, 3], images.slice(0, 24)),
      "test-labels": idx([4], Uint8Array.of(0, 1, 2, 0)),
    });
    const { info, parts, examples } = await prepared(folder, {
      shape: [2, 3],
      train: { examples: "train-images.gz", labels: "train-labels.gz" },
      test: { examples: "test-images", labels: "test-labels" },
      classes: ["shirt", "shoe", "bag"],
      split: { validation: { perClass: 1 } },
    });
    assert.deepEqual(info.classes, ["shirt", "shoe", "bag"]);
    assert.deepEqual([parts.train.examples, parts.validation.examples, parts.test.examples], [9, 3, 4]);
    assert(parts.train.images instanceof Uint8Array);
    for (const { name, values, label } of examples) {
      const first = Math.round(values[0]! * 255);
      assert.deepEqual(
        values.map((value) => Math.round(value * 255)),
        [0, 1, 2, 3, 4, 5].map((i) => first + i),
      );
      assert.equal(label, (first / 6) % 3);
      if (name === "test") assert(first < 24);
    }
    assert.match(
      info.split,
      /^values 0 to 255; train: the rest of train-images\.gz; validation: 1 of each class/,
    );
  }));

Deno.test("values that take up little of the range are remarked on, with the range that they have", () =>
  withFolder(async (folder) => {
    const mask = Uint8Array.from({ length: 40 }, (_, i) => i % 2), whole = mask.map((value) => value * 26);
    await writeFiles(join(folder, "mine"), {
      "mask.npy": npy([10, 2, 2], mask),
      "whole.npy": npy([10, 2, 2], whole),
      "black.npy": npy([10, 2, 2], new Uint8Array(40)),
    });
    const noticesOf = async (examples: string, range?: [number, number]) =>
      (await prepared(folder, { shape: [2, 2], train: { examples }, ...(range ? { range } : {}) })).notices;
    assert.deepEqual(await noticesOf("mask.npy"), [
      "Values lie between 0 and 1, where 0 and 255 stand for 0 and 1. " +
      'To spread them out: "range": [0, 1] in dataset',
    ]);
    assert.deepEqual(await noticesOf("mask.npy", [0, 1]), []);
    assert.deepEqual(await noticesOf("whole.npy"), []);
    assert.deepEqual(await noticesOf("black.npy"), []);
  }));

Deno.test("values keep their precision: bytes, 16 bits and floats, each on the range that is said", () =>
  withFolder(async (folder) => {
    const sixteen = Uint16Array.from({ length: 40 }, (_, i) => i * 1600);
    const floats = Float64Array.from({ length: 40 }, (_, i) => -1 + i / 19.5);
    await writeFiles(join(folder, "mine"), {
      "few.npz": zip({ "x.npy": npy([10, 2, 2], Uint8Array.from({ length: 40 }, (_, i) => i % 17)) }),
      "sixteen.npy": npy([10, 4], sixteen),
      "floats.npz": zip({ "x.npy": npy([10, 2, 2], floats), "y.npy": npy([1], floats.slice(0, 1)) }, {
        deflated: true,
      }),
      "depth.npy": npy([10, 2, 2], Int32Array.from({ length: 40 }, (_, i) => 100 + i)),
    });
    const few = await prepared(folder, { shape: [2, 2], range: [0, 16], train: { examples: "few.npz" } });
    assert(few.parts.train.images instanceof Uint8Array);
    assert.equal(few.info.scale, 1 / 16);
    assert.equal(
      few.info.split,
      "values 0 to 16; train: the rest of few.npz; test: 10 % of few.npz; drawn by the seed",
    );
    const wide = await prepared(folder, { shape: [2, 2], train: { examples: "sixteen.npy" } });
    assert(wide.parts.train.images instanceof Uint16Array);
    for (const { values } of wide.examples) {
      const first = Math.round(values[0]! * 65535);
      assert.deepEqual(values, [0, 1, 2, 3].map((i) => Math.fround((first + 1600 * i) / 65535)));
    }
    const real = await prepared(folder, {
      shape: [2, 2],
      range: [-1, 1],
      train: { examples: "floats.npz#x" },
    });
    assert(real.parts.train.images instanceof Float32Array);
    const all = real.examples.flatMap(({ values }) => values).sort((a, b) => a - b);
    assert.deepEqual(all, Array.from(floats, (value) => Math.fround((value + 1) / 2)));
    const depth = await prepared(folder, {
      shape: [2, 2],
      range: [90, 150],
      train: { examples: "depth.npy" },
    });
    assert(depth.parts.train.images instanceof Uint8Array);
    assert(
      depth.examples.every(({ values }) => values.every((value) => value >= 10 / 60 && value < 50 / 60)),
    );
    const cut = await prepared(folder, {
      shape: [2, 2],
      range: [-1, 1],
      train: { examples: "floats.npz#x" },
      binarisation: "threshold",
    });
    assert(cut.examples.flatMap(({ values }) => values).every((value) => value === 0 || value === 1));
    assert.equal(cut.examples.flatMap(({ values }) => values).reduce((sum, value) => sum + value, 0), 20);
  }));

Deno.test("channels may come last, first, or flat in either order, and are the same example", () =>
  withFolder(async (folder) => {
    const last = Uint8Array.from({ length: 6 * 24 }, (_, i) => i);
    const first = Uint8Array.from({ length: 6 * 24 }, (_, i) => {
      const [example, channel, pixel] = [Math.floor(i / 24), Math.floor(i % 24 / 8), i % 8];
      return example * 24 + 3 * pixel + channel;
    });
    await writeFiles(join(folder, "mine"), {
      "last.npy": npy([6, 2, 4, 3], last),
      "first.npy": npy([6, 3, 2, 4], first),
      "flat.npy": npy([6, 24], first),
    });
    const shape = [2, 4, 3];
    const read = async (examples: string, layout: "channels-last" | "channels-first") =>
      (await prepared(folder, { shape, layout, train: { examples } })).examples;
    const expected = await read("last.npy", "channels-last");
    assert.deepEqual(await read("first.npy", "channels-first"), expected);
    assert.deepEqual(await read("flat.npy", "channels-first"), expected);
    await assert.rejects(read("first.npy", "channels-last"), (error) => {
      assert(error instanceof UserError);
      assert.match(error.message, /examples of \[2,4,3\] from first\.npy: its shape is \[6,3,2,4\]/);
      assert.match(error.notes[0]!, /it must be \[n, 2, 4, 3\] or \[n, 24\]/);
      return true;
    });
  }));

Deno.test("labels are whole numbers or text, from any first one on, or a column of several", () =>
  withFolder(async (folder) => {
    const codes = Array.from("bird\0\0fish\0\0", (letter) => letter.charCodeAt(0));
    const text = npy([2, 6], Int32Array.from(codes));
    const unicode = String.fromCharCode(...text).replace("'<i4'", "'<U6'").replace(
      "(2, 6)",
      "(2,)  ",
    );
    await writeFiles(join(folder, "mine"), {
      "x.npy": npy([2, 1, 2], Uint8Array.of(1, 2, 3, 4)),
      "from-1.npy": npy([2], BigInt64Array.of(2n, 1n)),
      "columns.npy": npy([2, 3], Float64Array.of(7, 0, 1, 7, 5, 1)),
      "text.npy": Uint8Array.from(unicode, (letter) => letter.charCodeAt(0)),
    });
    const labelled = async (labels: Changes["train"]["labels"], classes?: string[]) => {
      const { info, examples } = await prepared(folder, {
        shape: [1, 2],
        train: { examples: "x.npy", labels },
        split: { test: { count: 1 } },
        ...(classes ? { classes } : {}),
      });
      const byValue = examples.toSorted((a, b) => a.values[0]! - b.values[0]!);
      return byValue.map(({ label }) => info.classes[label]);
    };
    assert.deepEqual(await labelled("from-1.npy"), ["2", "1"]);
    assert.deepEqual(await labelled("from-1.npy", ["one", "two"]), ["two", "one"]);
    assert.deepEqual(await labelled({ array: "columns.npy", column: 1 }), ["0", "5"]);
    assert.deepEqual(await labelled("text.npy"), ["bird", "fish"]);
    const wrong: [Changes["train"]["labels"], RegExp, string[]?][] = [
      ["columns.npy", /its shape is \[2,3\][^]*"column": 0 \}; columns are 0 to 2/],
      [{ array: "columns.npy", column: 3 }, /its shape is \[2,3\]/],
      ["from-1.npy", /dataset\.classes has 1 name, and there are 2 labels[^]*The labels are 1, 2\./, ["a"]],
    ];
    for (const [labels, message, classes] of wrong) {
      await assert.rejects(labelled(labels, classes), (error) => {
        assert(error instanceof UserError);
        assert.match([error.message, ...error.notes].join("\n"), message);
        return true;
      });
    }
  }));

Deno.test("what an array must say and does not is asked for, with what it holds", () =>
  withFolder(async (folder) => {
    await writeFiles(join(folder, "mine"), {
      "x.npy": npy([3, 1, 2], Float32Array.of(-2, 0, 0.5, 1, 2, 7.5)),
      "nan.npy": npy([3, 1, 2], Float32Array.of(0, 0, 0, NaN, 0, 0)),
      "y.npy": npy([2], Uint8Array.of(0, 1)),
      "half.npy": npy([3], Float32Array.of(0, 0.5, 1)),
    });
    const refused = async (dataset: Omit<Changes, "shape">, message: RegExp) => {
      const spec = experiment(folder, { shape: [1, 2], ...dataset });
      await assert.rejects(prepare(folder, spec), (error) => {
        assert(error instanceof UserError, String(error));
        assert.match([error.message, ...error.notes].join("\n"), message);
        return true;
      });
    };
    const train = { examples: "x.npy" };
    await refused(
      { train },
      /stand for 0 and 1: they are float32\nThey lie between -2 and 7\.5\. Next: "range": \[-2, 7\.5\]/,
    );
    await refused(
      { train, range: [-2, 2] },
      /Cannot take 7\.5 for a value between -2 and 2: example 2 of x\.npy/,
    );
    await refused(
      { train: { examples: "nan.npy" }, range: [0, 1] },
      /Cannot take NaN .*example 1 of nan\.npy/,
    );
    await refused({ train: { ...train, labels: "y.npy" } }, /2 do not belong to 3 examples/);
    await refused(
      { train: { ...train, labels: "half.npy" } },
      /Cannot take 0\.5 for a label: .*\nIt is in half\.npy/,
    );
    await refused(
      { train: { examples: "z.npy" } },
      /there is no such file\n(Did you mean [xy]\.npy\?\n)?The folder has/,
    );
    await refused(
      { train: { ...train, labels: "y.npy" }, test: { examples: "x.npy" } },
      /Cannot label the test examples: dataset\.train has labels, and dataset\.test has none|do not belong/,
    );
    const spec = experiment(folder, { shape: [1, 2], range: [-2, 8], train });
    await runStage(folder, "download", spec);
    await assert.rejects(
      runStage(folder, "preprocess", spec, (context) => ({ ...context, memoryBytes: 40 })),
      /Cannot hold the examples: they take 24 B, and this machine has 40 B/,
    );
  }));
