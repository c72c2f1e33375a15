import assert from "node:assert/strict";
import * as ort from "onnxruntime-node";
import { exportOnnx } from "../../../pipeline/engine/onnx/export.ts";
import { tf } from "../../../pipeline/engine/tfjs.ts";
import { randomStream } from "../../../pipeline/base/random.ts";
import { BACKEND_NAMES } from "../../../pipeline/engine/backends.ts";
import { openEngine, testEngine } from "../engines.ts";

/** Exported models, run by ONNX Runtime's own JavaScript API, against tfjs's `cpu` backend. */

type Variables = Record<string, tf.Variable>;

function variables(shapes: Record<string, number[]>): Variables {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const values = new Float32Array(tf.util.sizeFromShape(shape));
      randomStream(3, name).fillNormal(values);
      return [name, tf.variable(tf.mul(tf.tensor(values, shape), 0.3))];
    }),
  );
}

// deno-lint-ignore no-explicit-any -- ranks differ
type T = any;

const NETWORKS: Record<
  string,
  { shapes: Record<string, number[]>; fn: (x: T, v: T) => Record<string, tf.Tensor> }
> = {
  dense: {
    shapes: { w: [12, 7], b: [7], u: [7, 3] },
    fn: (x, { w, b, u }) => {
      const h = tf.tanh(tf.add(tf.matMul(x, w), b));
      return { mean: tf.matMul(h as T, u), h };
    },
  },
  convolutional: {
    shapes: { f: [3, 3, 1, 4], g: [4, 4, 2, 4], w: [24, 5] },
    fn: (x, { f, g, w }) => {
      const image = tf.reshape(x, [-1, 4, 3, 1]) as T;
      const h = tf.relu(tf.conv2d(image, f, 2, "same")) as T;
      const up = tf.conv2dTranspose(h, g, [x.shape[0], 4, 3, 2], 2, "same");
      return { y: tf.matMul(tf.reshape(up, [-1, 24]), w) };
    },
  },
  recurrent: {
    shapes: { w: [3, 8], u: [2, 8] },
    fn: (x, { w, u }) => {
      const batch = x.shape[0];
      const steps = tf.transpose(tf.reshape(x, [batch, 4, 3]), [1, 0, 2]);
      const inputs = tf.unstack(tf.reshape(tf.matMul(tf.reshape(steps, [4 * batch, 3]), w), [4, batch, 8]));
      let h: T = tf.zeros([batch, 2]), c: T = tf.zeros([batch, 2]);
      const states = inputs.map((input) => {
        const [i, f, g, o] = tf.split(tf.add(input, tf.matMul(h, u)), 4, 1) as [T, T, T, T];
        c = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)));
        return h = tf.mul(tf.sigmoid(o), tf.tanh(c));
      });
      return { states: tf.stack(states, 1), last: h, start: tf.ones([batch, 2]) };
    },
  },
};

for (const [name, { shapes, fn }] of Object.entries(NETWORKS)) {
  for (const engineName of BACKEND_NAMES) {
    testEngine(
      engineName,
      `an exported ${name} network of the ${engineName} engine gives ONNX Runtime's users the same`,
      async () => {
        const engine = await openEngine(engineName);
        const v = variables(shapes);
        const parameters = engine.parameters(Object.values(v));
        const bytes = exportOnnx({
          parameters,
          inputs: { x: { shape: [1, 12], batched: true } },
          fn: ({ x }) => fn(x, v),
        });
        const session = await ort.InferenceSession.create(bytes);
        assert.deepEqual(session.inputNames, ["x"]);
        for (const batch of [1, 2, 9]) {
          const x = randomStream(4, name, batch).fillNormal(new Float32Array(batch * 12));
          const results = await session.run({ x: new ort.Tensor("float32", x, [batch, 12]) });
          await tf.setBackend("cpu");
          const expected = tf.tidy(() => fn(tf.tensor(x, [batch, 12]), v));
          assert.deepEqual(Object.keys(results).sort(), Object.keys(expected).sort());
          for (const [output, tensor] of Object.entries(expected)) {
            assert.deepEqual([...results[output]!.dims], tensor.shape);
            const values = tensor.dataSync();
            (results[output]!.data as Float32Array).forEach((value, i) =>
              assert.ok(Math.abs(value - values[i]!) < 2e-6, `${output}[${i}]: ${value}, not ${values[i]}`)
            );
          }
          tf.dispose(expected);
        }
        await session.release();
        engine.dispose();
        tf.dispose(v);
      },
    );
  }
}

Deno.test("a constant that is not a number does not depend on the batch size", async () => {
  const engine = await openEngine("native");
  const v = variables({ w: [12, 1] });
  const bytes = exportOnnx({
    parameters: engine.parameters([v.w!]),
    inputs: { x: { shape: [1, 12], batched: true } },
    fn: ({ x }) => ({ mean: tf.mul(tf.matMul(x as T, v.w as T), NaN) }),
  });
  const session = await ort.InferenceSession.create(bytes);
  const { mean } = await session.run({ x: new ort.Tensor("float32", new Float32Array(24), [2, 12]) });
  assert.deepEqual([...mean!.data as Float32Array], [NaN, NaN]);
  await session.release();
  engine.dispose();
  tf.dispose(v);
});

Deno.test("exportOnnx() refuses a function whose constants depend on the batch size", async () => {
  const engine = await openEngine("native");
  const v = variables({ w: [12, 1] });
  const definition = {
    parameters: engine.parameters([v.w!]),
    inputs: { x: { shape: [1, 12], batched: true } },
  };
  assert.throws(
    () => exportOnnx({ ...definition, fn: ({ x }) => ({ mean: tf.mean(tf.matMul(x as T, v.w as T)) }) }),
    /a constant of the function depends on the batch size/,
  );
  engine.dispose();
  tf.dispose(v);
});
