import "../../../pipeline/engine/tfjs.ts"; // silences tfjs before it makes its first tensor
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { BACKEND_NAMES, DEFAULT_BACKEND } from "../../../pipeline/engine/backends.ts";
import * as categorical from "../../../pipeline/vae/likelihoods/categorical.ts";
import type { Likelihood } from "../../../pipeline/vae/likelihoods/likelihood.ts";
import * as paddedBernoulli from "../../../pipeline/vae/likelihoods/padded_bernoulli.ts";
import { Variables } from "../../../pipeline/vae/variables.ts";
import { openEngine, optimiser, testEngine } from "../../engine/engines.ts";
import { assertNear } from "../../support/assert_near.ts";
import { assertGradients, normal, randomise } from "../support.ts";

await tf.setBackend("cpu");

/** Two steps of three voices with two symbols each, and of four bits. */
const VOICES = { family: "categorical", module: categorical, shape: [2, 3, 2], size: 2 };
const BITS = { family: "padded-bernoulli", module: paddedBernoulli, shape: [2, 4], size: 1 };
type Case = typeof VOICES | typeof BITS;

interface Built {
  readonly likelihood: Likelihood;
  readonly variables: readonly tf.Variable[];
  readonly width: number;
}

/** Runs over a likelihood whose variables are random, at each number of hidden units that is tried. */
function withEach(cases: readonly Case[], body: (built: Built, of: Case, units: number) => void): void {
  for (const family of cases) {
    for (const units of [0, 5]) {
      const variables = new Variables(1);
      const width = family.shape.slice(1).reduce((a, b) => a * b);
      const likelihood = family.module.createLikelihood(
        { family: family.family, autoregressive: { units } },
        variables,
        2 * width,
        family.shape,
      );
      randomise({ variables: variables.list });
      try {
        tf.tidy(() => body({ likelihood, variables: variables.list, width }, family, units));
      } finally {
        tf.dispose(variables.list);
      }
    }
  }
}

/** All rows: one symbol of two for each of three voices, or all patterns of four bits. */
function rowsOf({ size }: Case): number[][] {
  const count = size === 1 ? 4 : 3;
  return Array.from(
    { length: 2 ** count },
    (_, pattern) =>
      Array.from({ length: count }, (_, i) => pattern >> i & 1).flatMap((bit) =>
        size === 1 ? [bit] : [bit, 1 - bit]
      ),
  );
}

/** What a row's values are told, by the definition: sums over those before them, one by one. */
function toldByHand(
  { variables }: Built,
  { size }: Case,
  units: number,
  output: readonly number[],
  row: readonly number[],
): number[] {
  const value = (name: string) => {
    const variable = variables.find((variable) => variable.name.endsWith(name))!;
    return { data: variable.dataSync(), columns: variable.shape.at(-1)! };
  };
  const at = ({ data, columns }: ReturnType<typeof value>, i: number, j: number) => data[i * columns + j]!;
  const draws = row.length / size, turnOf = (i: number) => Math.floor(i / size);
  return output.map((logit, to) => {
    let told = logit;
    row.forEach((x, from) => told += turnOf(from) < turnOf(to) ? x * at(value("row/kernel"), from, to) : 0);
    for (let unit = 0; unit < units; unit++) {
      const turn = 1 + Math.floor(unit * (draws - 1) / units);
      if (turn > turnOf(to)) continue;
      let sum = value("hidden/bias").data[unit]!;
      output.forEach((o, from) => sum += o * at(value("hidden/outputKernel"), from, unit));
      row.forEach((x, from) => sum += turnOf(from) < turn ? x * at(value("hidden/kernel"), from, unit) : 0);
      told += Math.tanh(sum) * at(value("hidden/toldKernel"), unit, to);
    }
    return told;
  });
}

/** -log p of a row by its logits. */
function rowLoss({ size }: Case, logits: readonly number[], row: readonly number[]): number {
  if (size === 1) return logits.reduce((sum, l, i) => sum + Math.log1p(Math.exp(row[i] ? -l : l)), 0);
  let loss = 0;
  for (let from = 0; from < row.length; from += size) {
    const own = logits.slice(from, from + size);
    loss += Math.log(own.reduce((sum, l) => sum + Math.exp(l), 0)) - own[row.slice(from).indexOf(1)]!;
  }
  return loss;
}

Deno.test("a row's probability is the product of each value's given those before it, and all rows have 1 together", () => {
  withEach([VOICES, BITS], (built, of, units) => {
    const { likelihood, width } = built, rows = rowsOf(of);
    const output = Array.from(normal("output", 2 * width));
    const [first, second] = [output.slice(0, width), output.slice(width)];
    // The last step has something that sounds, so that no sequence is shorter.
    const last = rows.at(-1)!;
    const losses = (xs: readonly number[][]) =>
      Array.from(
        likelihood.negativeLogLikelihood(tf.tensor2d([output]), tf.tensor2d(xs.map((x) => [...x])))
          .dataSync(),
      );
    const found = losses(rows.map((row) => [...row, ...last]));
    const ofLast = rowLoss(of, toldByHand(built, of, units, second, last), last);
    assertNear(
      found,
      rows.map((row) => rowLoss(of, toldByHand(built, of, units, first, row), row) + ofLast),
      { relative: 1e-5, what: `${of.family}, ${units} units` },
    );
    assertNear(found.reduce((sum, loss) => sum + Math.exp(ofLast - loss), 0), 1, { absolute: 1e-5 });
  });
});

Deno.test("a value is told nothing of itself and of those after it", () => {
  withEach([VOICES, BITS], ({ likelihood, width }, { size }) => {
    const { given, draws } = likelihood.autoregression!;
    assert.equal(draws, width / size);
    const output = tf.tensor2d(normal("output", width), [1, width]);
    const row = (seed: string) => Array.from(normal(seed, width));
    const [some, others] = [row("some"), row("others")];
    for (let draw = 0; draw < draws; draw++) {
      const known = draw * size;
      const told = [some, others].map((row) =>
        given(output, tf.tensor2d([[...some.slice(0, known), ...row.slice(known)]])).dataSync()
          .slice(0, known + size)
      );
      assert.deepEqual(told[0], told[1]);
    }
    const [a, b] = [some, others].map((row) => given(output, tf.tensor2d([row])).dataSync().slice(size));
    a!.forEach((value, i) => assert.notEqual(value, b![i], `${i}`));
  });
});

Deno.test("one example stands for all codes, and a single step is told what it is told within the whole", () => {
  withEach([VOICES, BITS], ({ likelihood, width }) => {
    const { given } = likelihood.autoregression!;
    const output = tf.tensor2d(normal("output", 3 * 2 * width), [3, 2 * width]);
    const x = tf.tensor2d(normal("x", 2 * width), [1, 2 * width]);
    const whole = given(output, x);
    assertNear(whole.dataSync(), given(output, tf.tile(x, [3, 1])).dataSync(), { absolute: 1e-6 });
    const step = (values: tf.Tensor) => tf.slice(values, [0, width], [values.shape[0]!, width]);
    assertNear(given(step(output), step(x)).dataSync(), step(whole).dataSync(), { absolute: 1e-5 });
  });
});

Deno.test("the mean is what each value is expected to be given the means of those before it", () => {
  withEach([VOICES, BITS], ({ likelihood, width }) => {
    const { given, conditionalMean } = likelihood.autoregression!;
    const output = tf.tensor2d(normal("output", 3 * 2 * width), [3, 2 * width]);
    const mean = likelihood.mean(output);
    assertNear(conditionalMean(given(output, mean)).dataSync(), mean.dataSync(), { absolute: 1e-6 });
  });
});

Deno.test("the gradients of what values are told agree with finite differences", () => {
  withEach([VOICES, BITS], ({ likelihood, variables, width }, of) => {
    const rows = rowsOf(of), x = tf.tensor2d([1, 3, 6].map((i) => [...rows[i]!, ...rows[7 - i]!]));
    const output = tf.variable(tf.tensor2d(normal("output", 6 * width), [3, 2 * width]), true, "output");
    assertGradients(
      { variables: [...variables, output] },
      () => tf.sum(likelihood.negativeLogLikelihood(output, x)),
    );
    output.dispose();
  });
});

/** The losses of a training of logits and of what values are told, with random rows. */
async function losses(engineName: typeof BACKEND_NAMES[number], { module, shape, family, size }: Case) {
  const engine = await openEngine(engineName), variables = new Variables(1), n = 4;
  const width = shape.slice(1).reduce((a, b) => a * b);
  const output = variables.kernel("output", [1, 2 * width], 1, 1);
  const likelihood = module.createLikelihood(
    { family, autoregressive: { units: 5 } },
    variables,
    2 * width,
    shape,
  );
  const parameters = engine.parameters(variables.list, optimiser({ name: "adam" }));
  const step = engine.compileStep({
    parameters,
    inputs: { x: { shape: [n, 2 * width], batched: true } },
    step: ({ x }) => {
      const outputs = tf.tile(output, [x!.shape[0]!, 1]);
      return { loss: tf.mean(likelihood.negativeLogLikelihood(outputs, x!)) as tf.Scalar };
    },
  });
  const rows = rowsOf({ size } as Case);
  for (let i = 0; i < 20; i++) {
    step.inputs.x!.set(Array.from({ length: n }, (_, k) => [...rows[(i + 3 * k) % 4]!, ...rows[7]!]).flat());
    step.enqueue(0.05);
  }
  const found = step.collect().map(({ loss }) => loss!);
  engine.dispose();
  tf.dispose(variables.list);
  return found;
}

for (const other of BACKEND_NAMES) {
  if (other === DEFAULT_BACKEND) continue;
  testEngine(
    other,
    `the ${other} engine learns what values are told as the default engine does`,
    async () => {
      for (const family of [VOICES, BITS]) {
        const [own, expected] = [await losses(other, family), await losses(DEFAULT_BACKEND, family)];
        assert.ok(expected.at(-1)! < expected[0]! - 0.5);
        assertNear(own, expected, { relative: 1e-4, what: family.family });
      }
    },
  );
}
