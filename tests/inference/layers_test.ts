import assert from "node:assert/strict";
import { layersOf } from "../../pipeline/inference/layers.ts";
import type { ArchitectureModule, ModelBase } from "../../pipeline/vae/architectures/architecture.ts";
import { createVae } from "../../pipeline/vae/vae.ts";
import { sizeOf } from "../../pipeline/base/shape.ts";
import { describeLayers, modulesOf } from "../vae/modules.ts";

const DENSE = {
  architecture: "dense",
  latentSize: 3,
  likelihood: { family: "bernoulli" },
  encoder: { units: [20, 10], activation: "tanh" },
  decoder: { units: [15], activation: "relu" },
};
const CONVOLUTIONS = [{ filters: 4, kernel: 4, stride: 2, padding: "same" }, {
  filters: 6,
  kernel: 3,
  stride: 1,
  padding: "same",
}];
const CONV = {
  architecture: "conv",
  latentSize: 3,
  likelihood: { family: "gaussian", standardDeviation: "learned" },
  encoder: { conv: CONVOLUTIONS, dense: [12], activation: "relu" },
  decoder: { dense: [], reshape: [4, 4, 6], conv: [{ ...CONVOLUTIONS[0], filters: 1 }], activation: "elu" },
};

/** What tracing finds of a model whose architecture does not describe itself. */
function traced(model: ModelBase, shape: readonly number[]) {
  const { architecture, ...others } = modulesOf(model);
  const { createEncoder, createDecoder } = architecture;
  const silent: ArchitectureModule = { createEncoder, createDecoder };
  const vae = createVae(model, shape, 1, { architecture: silent, ...others });
  const values = new Map(vae.variables.map((one) => [one.name, one.dataSync() as Float32Array]));
  try {
    return layersOf({ architecture: silent, ...others }, model, shape, vae, {
      get: (name) => values.get(name)!,
    });
  } finally {
    vae.dispose();
  }
}

Deno.test("the layers that tracing finds are those that an architecture describes: names, kinds, titles, sizes", () => {
  for (const model of [DENSE, CONV]) {
    const flat = (shape: readonly number[]) => sizeOf(shape);
    const told = describeLayers(model, [8, 8]);
    const found = traced(model, [8, 8]).filter(({ kind }) => kind !== "variable");
    assert.deepEqual(
      found.map((layer) => ({ ...layer, input: flat(layer.input), output: flat(layer.output) })),
      told.map((layer) => ({ ...layer, input: flat(layer.input), output: flat(layer.output) })),
    );
    const shapes = (layers: typeof told) =>
      layers.filter(({ kind }) => kind !== "dense").map(({ input, output }) => [input, output]);
    assert.deepEqual(shapes(found), shapes(told));
  }
});

Deno.test("a variable that no operation of encoder and decoder reads is a layer without shapes", () => {
  const [alone] = traced(CONV, [8, 8]).filter(({ kind }) => kind === "variable");
  assert.deepEqual(alone, {
    name: "decoder",
    kind: "variable",
    title: "variable",
    input: [],
    output: [],
    parameters: 1,
  });
});
