import assert from "node:assert/strict";
import { randomStream } from "../../../pipeline/base/random.ts";
import { type Shape, sizeOf } from "../../../pipeline/base/shape.ts";
import type { ProgramMessage } from "../../../pipeline/engine/webgpu/device/messages.ts";
import { GpuThread } from "../../../pipeline/engine/webgpu/device/thread.ts";
import { GpuEngine } from "../../../pipeline/engine/webgpu/engine.ts";
import { SOFTWARE } from "../../../pipeline/engine/webgpu/profile.ts";
import { tf } from "../../../pipeline/engine/tfjs.ts";
import { testEngine } from "../engines.ts";

type Inputs = Readonly<Record<string, tf.Tensor>>;

interface Case {
  readonly inputs: Readonly<Record<string, Shape>>;
  readonly fn: (inputs: Inputs) => Record<string, tf.Tensor>;
  /** What products are finished by, each by its kernel's own words; undefined where one is stored as it is. */
  readonly products: readonly (string | undefined)[];
  /** Dispatches, that of the inputs included. */
  readonly dispatches: number;
  /** Entries of several pieces of a product are finished together: those that a thread has, or that a loop takes. */
  readonly isTakenApart?: true;
}

const product = ({ x, w }: Inputs) => tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D);
const SIDES = { x: [37, 50], w: [50, 23] } as const;

/** A step of an LSTM whose examples are columns. */
function gates({ x, w, c }: Inputs): Record<string, tf.Tensor> {
  const [input, forget, candidate, output] = tf.split(product({ x: x!, w: w! }), 4, 0).map((gate, i) =>
    i === 2 ? tf.tanh(gate) : tf.sigmoid(gate)
  );
  const cell = tf.add(tf.mul(forget!, c!), tf.mul(input!, candidate!));
  return { cell, hidden: tf.mul(output!, tf.tanh(cell)) };
}

const CASES: Readonly<Record<string, Case>> = {
  "a bias and an activation": {
    inputs: { ...SIDES, b: [23] },
    fn: (inputs) => ({ y: tf.relu(tf.add(product(inputs), inputs.b!)) }),
    products: ["Add Relu"],
    dispatches: 2,
  },
  "the four gates of an LSTM": {
    inputs: { x: [36, 21], w: [21, 33], c: [9, 33] },
    fn: gates,
    products: ["Sigmoid Mul Sigmoid Tanh Mul Add Sigmoid Tanh Mul"],
    dispatches: 2,
    isTakenApart: true,
  },
  "two halves": {
    inputs: { x: [38, 21], w: [21, 18] },
    fn: (inputs) => {
      const [a, b] = tf.split(product(inputs), 2, 0);
      return { y: tf.sub(tf.square(a!), b!) };
    },
    products: ["Mul Sub"],
    dispatches: 2,
    isTakenApart: true,
  },
  "thirds, which no thread has at once": {
    inputs: { x: [39, 21], w: [21, 18] },
    fn: (inputs) => {
      const [a, b, c] = tf.split(product(inputs), 3, 0);
      return { y: tf.sub(tf.mul(a!, b!), c!) };
    },
    products: [undefined],
    dispatches: 3,
  },
  "an activation whose argument is wanted too": {
    inputs: SIDES,
    fn: (inputs) => ({ y: tf.relu(product(inputs)), logits: product(inputs) }),
    products: [undefined],
    dispatches: 3,
  },
  "entries that are wanted at another place too": {
    inputs: SIDES,
    fn: (inputs) => ({ y: tf.add(product(inputs), tf.reverse(product(inputs), 1)) }),
    products: [undefined],
    dispatches: 3,
  },
  "a sum, which takes all entries": {
    inputs: SIDES,
    fn: (inputs) => ({ y: tf.sum(tf.square(product(inputs)), 1) }),
    products: [undefined],
    dispatches: 3,
  },
  "two products, of which one is stored for the other": {
    inputs: { ...SIDES, v: [50, 23] },
    fn: ({ x, w, v }) => ({ y: tf.add(product({ x: x!, w: w! }), product({ x: x!, w: v! })) }),
    products: [undefined, "Add"],
    dispatches: 3,
  },
};

/** The program that the engine makes of a function, where there is no GPU. */
async function programOf({ inputs, fn }: Pick<Case, "inputs" | "fn">): Promise<ProgramMessage> {
  await tf.setBackend("cpu");
  const made: ProgramMessage[] = [];
  const thread: Partial<GpuThread> = {
    adapter: { name: "none", isSoftware: true, largestBuffer: 2 ** 30 },
    buffer: () => 0,
    write() {},
    program: (program) => made.push(program),
  };
  const engine = new GpuEngine(thread as GpuThread);
  engine.compileFunction({ parameters: engine.parameters([]), inputs, fn });
  return made[0]!;
}

let thread: GpuThread | undefined;

for (const [name, { inputs, fn, products, dispatches, isTakenApart }] of Object.entries(CASES)) {
  const isFinished = products.some((finish) => finish !== undefined);
  Deno.test(`of products in the webgpu engine, ${isFinished ? "one goes through" : "none goes through"} ${name}`, async () => {
    const program = await programOf({ inputs, fn });
    assert.equal(program.dispatches.length, dispatches);
    const heads = program.dispatches.map(({ kernel }) => program.kernels[kernel]!.split("\n")[0]!);
    assert.deepEqual(
      heads.filter((head) => head.includes("product")).map((head) => /finished by (.*)/.exec(head)?.[1]),
      products,
    );
  });

  testEngine(
    "webgpu",
    `the webgpu engine computes products and ${name} as tfjs's cpu backend does`,
    async () => {
      const values = Object.entries(inputs).map(([input, shape]) =>
        [input, randomStream(1, input).fillNormal(new Float32Array(sizeOf(shape)))] as const
      );
      await tf.setBackend("cpu");
      const expected = tf.tidy(() => {
        const given = values.map(([input, data]) => [input, tf.tensor(data, [...inputs[input]!])] as const);
        return Object.entries(fn(Object.fromEntries(given))).map(([output, value]) =>
          [output, value.dataSync().slice()] as const
        );
      });
      thread ??= await GpuThread.start();
      for (const unrolls of isTakenApart ? [false, true] : [false]) {
        const engine = new GpuEngine(thread, { ...SOFTWARE, unrolls });
        const compiled = engine.compileFunction({ parameters: engine.parameters([]), inputs, fn });
        for (const [input, data] of values) compiled.inputs[input]!.set(data);
        const found = compiled.run();
        for (const [output, data] of expected) {
          data.forEach((value, i) => {
            const own = found[output]![i]!;
            assert.ok(
              Math.abs(own - value) < 2e-5 * Math.max(1, Math.abs(value)),
              `${output}[${i}]: ${own}, ${value}`,
            );
          });
        }
        engine.dispose();
      }
    },
  );
}

Deno.test("time steps of a recurrent network are one kernel, wherever in the series each reads", async () => {
  const steps = 5;
  const { dispatches, kernels } = await programOf({
    inputs: { series: [steps, 36, 33], w: [36, 9], x: [36, 21], first: [21, 33], c: [9, 33] },
    fn: ({ series, w, x, first, c }) => {
      let hidden = tf.matMul(x as tf.Tensor2D, first as tf.Tensor2D), cell = c!;
      for (let t = 0; t < steps; t++) {
        const read = tf.split(tf.reshape(tf.slice(series!, [t, 0, 0], [1, 36, 33]), [36, 33]), 4, 0);
        const [input, forget, candidate, output] = tf.split(hidden, 4, 0).map((gate, i) =>
          tf.sigmoid(tf.add(gate, read[i]!))
        );
        cell = tf.add(tf.mul(forget!, cell), tf.mul(input!, candidate!));
        hidden = tf.matMul(w as tf.Tensor2D, tf.mul(output!, tf.tanh(cell)) as tf.Tensor2D);
      }
      return { hidden };
    },
  });
  // The inputs, a product through the gates of each step, and the last product.
  assert.equal(dispatches.length, 1 + steps + 1);
  // The first step has another number of terms, and the last one's cell is not read any more.
  assert.equal(new Set(dispatches.slice(2, steps).map(({ kernel }) => kernel)).size, 1);
  assert.equal(kernels.length, 5);
});
