import assert from "node:assert/strict";
import { randomStream } from "../../../pipeline/base/random.ts";
import { sizeOf } from "../../../pipeline/base/shape.ts";
import { Graph } from "../../../pipeline/engine/graph/graph.ts";
import { countUses } from "../../../pipeline/engine/graph/transform.ts";
import type { Value } from "../../../pipeline/engine/graph/value.ts";
import { verifyGraph } from "../../../pipeline/engine/graph/verify.ts";
import { convolveByWinograd } from "../../../pipeline/engine/native/winograd.ts";
import { tf } from "../../../pipeline/engine/tfjs.ts";
import { traceFunction } from "../../../pipeline/engine/trace/trace.ts";
import { assertNear } from "../../support/assert_near.ts";
import { openEngine, optimiser } from "../engines.ts";

/** A convolution: pictures [batch, height, width, channels], filters [side, side, channels, out]. */
interface Convolution {
  readonly pictures: readonly [number, number, number, number];
  readonly side: number;
  readonly out: number;
  readonly stride: number;
  readonly padding: "same" | "valid";
}

/** Wide enough to be worth it, with odd and even numbers of windows, with and without a frame. */
const CASES: Record<string, Convolution> = {
  "an even number of windows": { pictures: [2, 8, 8, 16], side: 4, out: 64, stride: 2, padding: "same" },
  "an odd number of windows": { pictures: [3, 14, 10, 16], side: 4, out: 65, stride: 2, padding: "same" },
  "pictures of odd sides": { pictures: [2, 7, 9, 17], side: 4, out: 61, stride: 2, padding: "same" },
  "no frame": { pictures: [2, 10, 8, 16], side: 4, out: 64, stride: 2, padding: "valid" },
  "one window": { pictures: [5, 4, 4, 16], side: 4, out: 64, stride: 2, padding: "valid" },
  "stride 1": { pictures: [2, 6, 5, 64], side: 2, out: 65, stride: 1, padding: "same" },
  "stride 3": { pictures: [2, 12, 9, 8], side: 6, out: 60, stride: 3, padding: "same" },
};

/** The sums that define a convolution and its gradients for the loss sum(y r), in doubles, one after the other. */
function reference(
  { pictures: [batch, height, width, channels], side, out, stride, padding }: Convolution,
  x: Float32Array,
  f: Float32Array,
  r: (entries: number) => Float32Array,
) {
  const windows = (length: number) =>
    padding === "same" ? Math.ceil(length / stride) : Math.floor((length - side) / stride) + 1;
  const before = (length: number) =>
    padding === "same" ? Math.floor(Math.max((windows(length) - 1) * stride + side - length, 0) / 2) : 0;
  const [down, right] = [windows(height), windows(width)];
  const slopes = r(batch * down * right * out);
  const y = new Float64Array(slopes.length), dx = new Float64Array(x.length), df = new Float64Array(f.length);
  for (let n = 0; n < batch; n++) {
    for (let p = 0; p < down; p++) {
      for (let q = 0; q < right; q++) {
        for (let i = 0; i < side; i++) {
          for (let j = 0; j < side; j++) {
            const [h, w] = [p * stride + i - before(height), q * stride + j - before(width)];
            if (h < 0 || h >= height || w < 0 || w >= width) continue;
            for (let c = 0; c < channels; c++) {
              for (let o = 0; o < out; o++) {
                const [at, to] = [
                  ((n * height + h) * width + w) * channels + c,
                  ((n * down + p) * right + q) * out + o,
                ];
                const weight = ((i * side + j) * channels + c) * out + o;
                y[to]! += x[at]! * f[weight]!;
                dx[at]! += slopes[to]! * f[weight]!;
                df[weight]! += slopes[to]! * x[at]!;
              }
            }
          }
        }
      }
    }
  }
  return { shape: [batch, down, right, out] as const, slopes, y, dx, df };
}

const random = randomStream(5, "winograd");
const normal = (entries: number) => random.fillNormal(new Float32Array(entries));

/** The products of the nine in a graph. */
function nines(values: readonly Value[]): Value[] {
  return [...countUses(values).keys()].filter(({ op, shape }) => op === "MatMul" && shape[0] === 9);
}

for (const [what, convolution] of Object.entries(CASES)) {
  Deno.test(`a convolution by Winograd and its gradients are those of the sums that define them: ${what}`, async () => {
    const { pictures, side, out, stride, padding } = convolution;
    const filter = [side, side, pictures[3], out] as const;
    const [x, f] = [normal(sizeOf(pictures)), normal(sizeOf(filter))];
    const expected = reference(convolution, x, f, normal);
    const engine = await openEngine("native");
    const variables = ([[x, pictures], [f, filter], [expected.slopes, expected.shape]] as const)
      .map(([data, shape]) => tf.variable(tf.tensor(data, [...shape])));
    const [pixels, weights, slopes] = variables as [
      tf.Variable<tf.Rank.R4>,
      tf.Variable<tf.Rank.R4>,
      tf.Variable,
    ];
    // A step of gradient descent of size 1 moves each variable by its gradient; that of the slopes is y.
    const parameters = engine.parameters(variables, optimiser({ name: "sgd" }));
    const step = engine.compileStep({
      parameters,
      parts: 1,
      inputs: {},
      step: () => ({
        loss: tf.sum(tf.mul(tf.conv2d(pixels, weights, stride, padding), slopes)) as tf.Scalar,
      }),
    });
    const { loss } = step.run(1);
    const moved = (variable: tf.Variable, from: Float32Array) => {
      const after = parameters.get(variable.name);
      return from.map((value, i) => value - after[i]!);
    };
    const nearly = { relative: 1e-6, ofLargest: true };
    assertNear(moved(slopes, expected.slopes), expected.y, { ...nearly, what: "y" });
    assertNear(moved(weights, f), expected.df, { ...nearly, what: "the filter's gradient" });
    assertNear(moved(pixels, x), expected.dx, { ...nearly, what: "the pictures' gradient" });
    const size = Math.hypot(...expected.y) * Math.hypot(...expected.slopes);
    assertNear(loss, expected.y.reduce((sum, value, i) => sum + value * expected.slopes[i]!, 0), {
      absolute: 1e-6 * size,
    });
    engine.dispose();
    tf.dispose(variables);
  });
}

/** What the pass makes of a convolution's graph, its gradients included: the graph's values before and after. */
function passed({ pictures, side, out, stride, padding }: Convolution): [before: Value[], after: Value[]] {
  const variables = [pictures, [side, side, pictures[3], out]].map((shape) =>
    tf.variable(tf.ones([...shape]))
  );
  const [x, f] = variables as [tf.Variable<tf.Rank.R4>, tf.Variable<tf.Rank.R4>];
  const source = { variables, latest: () => new Float32Array(), isTransposed: () => false };
  const { graph, results } = traceFunction(source, {}, () => {
    const { value, grads } = tf.variableGrads(() =>
      tf.sum(tf.square(tf.conv2d(x, f, stride, padding))) as tf.Scalar
    );
    return { value, ...grads };
  });
  tf.dispose(variables);
  const before = Object.values(graph.floats(results));
  const after = convolveByWinograd(graph, before);
  verifyGraph(after);
  return [before, after];
}

Deno.test("wide convolutions whose kernel is twice the stride are computed by nine products each way", async () => {
  await tf.setBackend("cpu");
  for (const [what, convolution] of Object.entries(CASES)) {
    assert.equal(nines(passed(convolution)[1]).length, 3, what);
  }
  // Filled up to twice the stride, a shorter kernel has an input's gradient of that kind.
  const shorter = { pictures: [2, 8, 8, 64], side: 3, out: 64, stride: 2, padding: "same" } as const;
  assert.equal(nines(passed(shorter)[1]).length, 1);
});

Deno.test("convolutions of other kernels and narrow ones stay as they are", async () => {
  await tf.setBackend("cpu");
  const wide = { pictures: [2, 8, 8, 64], out: 64, padding: "same" } as const;
  for (
    const other of [
      { ...wide, side: 3, stride: 1 },
      { ...wide, side: 4, stride: 1 },
      { ...wide, side: 5, stride: 2 },
      { ...wide, side: 2, stride: 2 },
      { ...wide, pictures: [2, 8, 8, 3] as const, side: 4, stride: 2 },
    ]
  ) {
    const [before, after] = passed(other);
    assert.deepEqual(after, before);
  }
});

Deno.test("a matrix that only looks like windows stays as it is", () => {
  const graph = new Graph();
  const pictures = graph.input("x", [2, 8, 8, 64]), weights = graph.input("w", [256, 64]);
  const product = (shape: number[], strides: number[], offset: number) =>
    graph.gemm(
      graph.reshape(graph.strided(pictures, shape, strides, offset), [2 * 49, 256]),
      weights,
      false,
      false,
    );
  const row = 8 * 64, image = 8 * row;
  const windows = product([2, 7, 7, 2, 2, 64], [image, row, 64, row, 64, 1], 0);
  assert.notEqual(convolveByWinograd(graph, [windows])[0], windows);
  for (
    const other of [
      product([2, 7, 7, 2, 2, 64], [image, row, 64, row, 64, 1], row), // they begin a row below
      product([2, 7, 7, 2, 2, 64], [image, row, 64, 64, row, 1], 0), // their places are turned on their side
      product([2, 7, 7, 2, 2, 64], [image, 64, row, row, 64, 1], 0), // the picture is
    ]
  ) {
    assert.equal(convolveByWinograd(graph, [other])[0], other);
  }
});
