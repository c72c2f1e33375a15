import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { parseExperiment } from "../../../pipeline/spec/load.ts";
import type { ModelSpec } from "../../../pipeline/spec/schema.ts";
import { buildVae, describeLayers } from "../modules.ts";
import { CONV, DENSE, edit } from "../../spec/helpers.ts";

const modelOf = (text: string, ...overrides: string[]) =>
  parseExperiment(text, "s.json", overrides).spec.model;

/** Convolutions of every padding and stride, sizes that only fit because "same" rounds up. */
const ODD_CONV = edit(
  edit(
    CONV,
    `{ "filters": 64, "kernel": 4, "stride": 2 }`,
    `{ "filters": 6, "kernel": 3, "padding": "valid" }, { "filters": 8, "kernel": 5, "stride": 5 }`,
  ),
  `"reshape": [7, 7, 64],
      "conv": [
        { "filters": 32, "kernel": 4, "stride": 2 },`,
  `"dense": [10], "reshape": [3, 3, 7],
      "conv": [
        { "filters": 5, "kernel": 4, "stride": 4 }, { "filters": 9, "kernel": 3, "padding": "valid" },`,
);

const MODELS: Record<string, ModelSpec> = {
  dense: modelOf(DENSE, "model.encoder.units=[64, 32]"),
  conv: modelOf(CONV),
  "odd conv": modelOf(ODD_CONV),
  lstm: modelOf(DENSE, "model.architecture=lstm", "model.encoder.units=12", "model.decoder.units=9"),
  hierarchical: modelOf(
    DENSE,
    "model.architecture=hierarchical",
    'model.encoder={"units": 12, "direction": "bidirectional"}',
    'model.conductor={"units": 11, "embedding": 5}',
    "model.segment=7",
    'model.decoder={"units": 9}',
  ),
  "stacked bidirectional lstm": modelOf(
    DENSE,
    "model.architecture=lstm",
    'model.encoder={"units": 12, "layers": 2, "direction": "bidirectional"}',
    'model.decoder={"units": 9, "layers": 3}',
  ),
};

for (const [name, model] of Object.entries(MODELS)) {
  Deno.test(`the layers described of a ${name} model are those that are built, weight by weight`, () => {
    const vae = buildVae(model, [28, 28], 1);
    try {
      const built = new Map<string, number>();
      for (const variable of vae.variables) {
        const layer = variable.name.split("/").slice(0, 2).join("/");
        built.set(layer, (built.get(layer) ?? 0) + variable.size);
      }
      const described = describeLayers(model, [28, 28]).map(({ name, parameters }) =>
        [name, parameters] as const
      );
      assert.deepEqual(new Map(described), built);
      assert.equal(vae.decode(tf.zeros([2, model.latentSize]), tf.zeros([2, 784])).shape[1], 784);
    } finally {
      vae.dispose();
      tf.disposeVariables();
    }
  });
}

Deno.test("each layer reads what the one before it makes", () => {
  const shapes = describeLayers(MODELS["odd conv"]!, [28, 28]).map(({ input, output }) => [input, output]);
  assert.deepEqual(shapes, [
    [[28, 28, 1], [14, 14, 32]],
    [[14, 14, 32], [12, 12, 6]],
    [[12, 12, 6], [3, 3, 8]],
    [[3, 3, 8], [16]],
    [[3, 3, 8], [16]],
    [[16], [10]],
    [[10], [3, 3, 7]],
    [[3, 3, 7], [12, 12, 5]],
    [[12, 12, 5], [14, 14, 9]],
    [[14, 14, 9], [28, 28, 1]],
  ]);
  const lstm = describeLayers(MODELS["stacked bidirectional lstm"]!, [28, 28]);
  assert.deepEqual(lstm.map(({ output }) => output), [
    [28, 24],
    [24],
    [2],
    [2],
    [28, 9],
    [28, 9],
    [28, 9],
    [28, 28],
  ]);
});

Deno.test("sizes of convolutions are those that tfjs computes", () => {
  for (const padding of ["same", "valid"] as const) {
    for (const kernel of [1, 2, 3, 4, 5, 7]) {
      for (const stride of [1, 2, 3].filter((stride) => stride <= kernel && (28 - kernel) % stride === 0)) {
        const layer = `{ "filters": 2, "kernel": ${kernel}, "stride": ${stride}, "padding": "${padding}" }`;
        const model = modelOf(edit(
          CONV,
          `{ "filters": 32, "kernel": 4, "stride": 2 },
        { "filters": 64, "kernel": 4, "stride": 2 }`,
          layer,
        ));
        const output = describeLayers(model, [28, 28])[0]!.output;
        const made = tf.tidy(() =>
          tf.conv2d(
            tf.zeros([1, 28, 28, 1]) as tf.Tensor4D,
            tf.zeros([kernel, kernel, 1, 2]) as tf.Tensor4D,
            stride,
            padding,
          )
            .shape.slice(1)
        );
        assert.deepEqual(output, made, layer);
      }
    }
  }
});
