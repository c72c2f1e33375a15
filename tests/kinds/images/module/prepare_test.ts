import assert from "node:assert/strict";
import { prepare } from "../../../../pipeline/kinds/images/module/prepare.ts";
import type { OwnExamples } from "../../../../pipeline/kinds/own_dataset.ts";
import { preparing } from "../../preparing.ts";

/** Prepares what a module returns as examples of two values. */
async function prepared(made: unknown, classes?: string[]) {
  const { stage, made: parts } = preparing({ files: [] }, () => Promise.resolve(Uint8Array.of(1)));
  const slice = {
    dataset: "module",
    title: "Pairs",
    seed: 1,
    module: "pairs.ts",
    options: {},
    files: ["a.bin"],
    shape: [1, 2],
    classes,
    split: { test: { count: 1 } },
    binarisation: "none" as const,
  };
  const loadOwn = () => Promise.resolve({ readExamples: () => made as OwnExamples });
  return { ...await prepare(slice, { ...stage, loadOwn }), parts };
}

Deno.test("what a module makes of its files is dealt out to the parts, whole, with its labels as classes", async () => {
  const values = Float32Array.of(0, 1, 0.25, 0.75, 0.5, 0.5);
  const { about, parts } = await prepared({ values, labels: ["b", "a", "b"] });
  assert.deepEqual(about.classes, ["a", "b"]);
  assert.equal(about.scale, 1);
  const pairs = ["train", "test"].flatMap((name) => {
    const { values, labels } = parts[name as "train" | "test"]!;
    return values.map((pair, i) => [...pair, about.classes[labels[i]!]]);
  });
  assert.deepEqual(pairs.toSorted(), [[0, 1, "b"], [0.25, 0.75, "a"], [0.5, 0.5, "b"]]);
  const bytes = await prepared({ values: Uint8Array.of(0, 255, 7, 8) });
  assert.equal(bytes.about.scale, 1 / 255);
  assert.deepEqual(bytes.about.classes, ["unlabelled"]);
});

for (
  const [made, message] of [
    [undefined, /pairs\.ts: its values are neither a Uint8Array nor a Float32Array/],
    [{ values: [0, 1] }, /neither a Uint8Array nor a Float32Array/],
    [{ values: new Uint8Array() }, /there are none/],
    [{ values: new Uint8Array(3) }, /3 values are no whole number of examples of 2/],
    [{ values: Float32Array.of(0, 1, 0.5, 1.5) }, /value 1 of example 1 is 1\.5/],
    [{ values: Float32Array.of(0, NaN) }, /value 1 of example 0 is NaN/],
    [{ values: new Uint8Array(4), labels: [1] }, /1 labels do not belong to 2 examples/],
    [{ values: new Uint8Array(4), labels: [1, 0.5] }, /0\.5 is no label/],
    [{ values: new Uint8Array(4), labels: [1, null] }, /null is no label/],
  ] as const
) {
  Deno.test(`a module that makes what is no examples is told so: ${message.source}`, async () => {
    await assert.rejects(prepared(made), message);
  });
}
