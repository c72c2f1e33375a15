import assert from "node:assert/strict";
import { randomStream } from "../../pipeline/base/random.ts";
import { BACKEND_NAMES } from "../../pipeline/engine/backends.ts";
import type { Engine, StepDefinition } from "../../pipeline/engine/engine.ts";
import { tf } from "../../pipeline/engine/tfjs.ts";
import type { Optimiser, UpdateRule } from "../../pipeline/engine/update/rule.ts";
import { isThere, openEngine, optimiser, type OptimiserCase, testEngine } from "./engines.ts";
import { assertNear } from "../support/assert_near.ts";

/** What every engine must do, whichever it is. */

let fresh = 0;
/** A least-squares line through points: y = x w + b. */
function line(engine: Engine, optimiser: Optimiser | undefined, extra: Partial<StepDefinition> = {}) {
  const id = fresh++;
  const random = randomStream(7, "line");
  const w = tf.variable(tf.tensor2d(random.fillNormal(new Float32Array(6)), [3, 2]), true, `w${id}`);
  const b = tf.variable(tf.tensor1d([0.5, -0.25]), true, `b${id}`);
  const unused = tf.variable(tf.tensor1d([1, 2, 3]), true, `unused${id}`);
  const parameters = engine.parameters([w, b, unused], optimiser);
  const step = engine.compileStep({
    parameters,
    inputs: {
      x: { shape: [4, 3], batched: true },
      y: { shape: [4, 2], batched: true },
      weight: { shape: [], batched: false },
    },
    step: ({ x, y, weight }) => {
      const error = tf.mean(tf.square(tf.sub(tf.add(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D), b), y!)));
      return { loss: tf.mul(error, weight!) as tf.Scalar, error: error as tf.Scalar };
    },
    ...extra,
  });
  random.fillNormal(step.inputs.x!);
  random.fillNormal(step.inputs.y!);
  step.inputs.weight![0] = 2;
  return { parameters, step, names: [w.name, b.name, unused.name] as const };
}

/** What an optimiser makes of a gradient, in doubles; `state` is its own, one number or two for each weight. */
type Reference = (p: number[], gradient: number[], step: number, rate: number, state: number[][]) => void;

function referenceOf(chosen: OptimiserCase): Reference {
  const { name, momentum = 0, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = chosen;
  return (p, gradient, t, rate, [m, v]) => {
    p.forEach((value, i) => {
      const g = gradient[i]! + (name === "adamw" ? 0 : weightDecay * value);
      if (name === "sgd") {
        m![i] = momentum * m![i]! + g;
        p[i]! -= rate * m![i]!;
        return;
      }
      m![i] = beta1 * m![i]! + (1 - beta1) * g;
      v![i] = beta2 * v![i]! + (1 - beta2) * g * g;
      if (name === "adamw") p[i]! -= rate * weightDecay * value;
      p[i]! -= rate * (m![i]! / (1 - beta1 ** t)) / (Math.sqrt(v![i]! / (1 - beta2 ** t)) + epsilon);
    });
  };
}

/** `line` in doubles, by the closed form: d(2 mean (xw + b - y)^2) = 2 * 2 / 8 * x' (xw + b - y). */
function expectedLine(
  { x, y }: Record<string, Float32Array>,
  start: number[],
  update: Reference,
  { clipNorm, rate, steps }: { clipNorm?: number | undefined; rate: number; steps: number },
): { p: number[]; error: number } {
  const p = [...start], state = [p.map(() => 0), p.map(() => 0)];
  let error = 0;
  for (let t = 1; t <= steps; t++) {
    const g = p.map(() => 0);
    error = 0;
    for (let row = 0; row < 4; row++) {
      for (let column = 0; column < 2; column++) {
        let value = p[6 + column]! - y![row * 2 + column]!;
        for (let k = 0; k < 3; k++) value += x![row * 3 + k]! * p[k * 2 + column]!;
        error += value * value / 8;
        for (let k = 0; k < 3; k++) g[k * 2 + column]! += 0.5 * x![row * 3 + k]! * value;
        g[6 + column]! += 0.5 * value;
      }
    }
    const scale = clipNorm === undefined ? 1 : Math.min(1, clipNorm / Math.hypot(...g));
    update(p, g.map((value) => value * scale), t, rate, state);
  }
  return { p, error };
}

const ADAM = { name: "adam", beta1: 0.9, beta2: 0.99, epsilon: 1e-6, weightDecay: 0.1 } as const;
const OPTIMISERS = {
  "sgd": { name: "sgd" },
  "sgd with momentum and weight decay": { name: "sgd", momentum: 0.9, weightDecay: 0.1 },
  "sgd with clipping": { name: "sgd", clipNorm: 0.1 },
  "adam": ADAM,
  "adam with clipping": { ...ADAM, clipNorm: 0.5 },
  "adamw": { ...ADAM, name: "adamw" },
} as const satisfies Record<string, OptimiserCase>;
const SGD = optimiser(OPTIMISERS.sgd);

/** Lion (Chen et al., 2023): an optimiser that the engines have never heard of. */
const LION: UpdateRule<"momentum", "stepSize" | "decayFactor"> = {
  name: "lion",
  slots: ["momentum"],
  highLearningRate: 1e-3,
  numbers: ({ learningRate, weightDecay }) => ({
    stepSize: learningRate,
    decayFactor: 1 - learningRate * weightDecay,
  }),
  update(build, { value, gradient, slots: { momentum }, numbers: { stepSize, decayFactor } }) {
    const towards = (share: number) =>
      build.add(momentum, build.multiply(build.subtract(gradient, momentum), { number: share }));
    const direction = towards(0.1);
    const sign = build.divide(direction, build.maximum(build.absolute(direction), { number: 1e-30 }));
    return {
      value: build.subtract(build.multiply(value, decayFactor), build.multiply(sign, stepSize)),
      slots: { momentum: towards(0.01) },
    };
  },
};
const expectedLion: Reference = (p, gradient, _, rate, [m]) => {
  p.forEach((value, i) => {
    p[i] = value * (1 - rate * 0.1) - rate * Math.sign(0.9 * m![i]! + 0.1 * gradient[i]!);
    m![i] = 0.99 * m![i]! + 0.01 * gradient[i]!;
  });
};

const close = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number) =>
  assertNear(actual, expected, { absolute: tolerance, relative: tolerance });

/**
 * Two players: x descends (x - y)^2 / 2 and y descends (y + a x)^2 / 2, with y's rate three times as high; z is in the
 * first group and its loss does not reach it.
 */
function game(engine: Engine, { clipNorm, ...rest }: Omit<Optimiser, "weightDecay" | "groups">) {
  const id = fresh++;
  const make = (name: string, values: number[]) => tf.variable(tf.tensor1d(values), true, `${name}${id}`);
  const [y, x, z] = [make("y", [1, -0.5]), make("x", [0.75, 0.25]), make("z", [2])];
  // In the order of the variables the groups take turns.
  const parameters = engine.parameters([x, y, z], {
    ...rest,
    weightDecay: 0,
    clipNorm,
    groups: [
      { loss: "ofX", variables: [x.name, z.name] },
      { loss: "ofY", variables: [y.name], rate: 3 },
    ],
  });
  const step = engine.compileStep({
    parameters,
    inputs: { a: { shape: [4, 1], batched: true } },
    step: ({ a }) => {
      const half = (difference: tf.Tensor) => tf.mul(tf.sum(tf.square(difference)), 0.5) as tf.Scalar;
      const scale = tf.mean(a!);
      const ofX = half(tf.sub(x, y)), ofY = half(tf.add(y, tf.mul(x, scale)));
      return { loss: tf.add(ofX, ofY) as tf.Scalar, ofX, ofY };
    },
  });
  step.inputs.a!.fill(0.5);
  return { parameters, step, names: { x: x.name, y: y.name, z: z.name } };
}

/** The game in doubles, both players at once, by the derivatives of their losses. */
function expectedGame(update: Reference, clipNorm: number | undefined, rate: number, steps: number) {
  const x = [0.75, 0.25], y = [1, -0.5];
  const states = [x, y].map((player) => [player.map(() => 0), player.map(() => 0)]);
  const clipped = (gradient: number[]) => {
    const norm = Math.hypot(...gradient);
    return gradient.map((value) =>
      clipNorm !== undefined && norm > clipNorm ? value * clipNorm / norm : value
    );
  };
  for (let t = 1; t <= steps; t++) {
    const gradients = [x.map((value, i) => value - y[i]!), y.map((value, i) => value + 0.5 * x[i]!)];
    update(x, clipped(gradients[0]!), t, rate, states[0]!);
    update(y, clipped(gradients[1]!), t, 3 * rate, states[1]!);
  }
  return { x, y };
}

for (const name of BACKEND_NAMES) {
  const contract = (what: string, body: (engine: Engine) => void | Promise<void>) =>
    testEngine(name, `the ${name} engine ${what}`, async () => {
      const engine = await openEngine(name);
      assert.equal(engine.name, name);
      try {
        await body(engine);
      } finally {
        engine.dispose();
      }
    });

  const follows = (engine: Engine, optimiser: Optimiser, update: Reference) => {
    const { parameters, step, names: [w, b, unused] } = line(engine, optimiser);
    const start = [...parameters.get(w), ...parameters.get(b)];
    const { clipNorm } = optimiser;
    const expected = expectedLine(step.inputs, start, update, { clipNorm, rate: 0.05, steps: 12 });
    let last: Record<string, number> = {};
    for (let i = 0; i < 12; i++) last = step.run(0.05);
    close([...parameters.get(w), ...parameters.get(b)], expected.p, 1e-5);
    close([last.error!, last.loss!], [expected.error, 2 * expected.error], 1e-5);
    // A variable that the loss does not reach has no gradient; only weight decay moves it.
    if (optimiser.weightDecay === 0) assert.deepEqual([...parameters.get(unused)], [1, 2, 3]);
    else assert.ok(parameters.get(unused)[2]! < 3);
    const slots = optimiser.rule.slots.flatMap((slot) =>
      [w, b, unused].map((variable) => `${slot}/${variable}`)
    );
    const values = [w, b, unused].map((variable) => `values/${variable}`);
    assert.deepEqual(Object.keys(parameters.saveState()).sort(), ["step", ...slots, ...values].sort());
  };

  for (const [what, chosen] of Object.entries(OPTIMISERS)) {
    contract(`makes the update of ${what}`, (engine) => {
      follows(engine, optimiser(chosen), referenceOf(chosen));
    });
  }

  contract("makes the update of a rule of one's own", (engine) => {
    follows(engine, { rule: LION, weightDecay: 0.1 }, expectedLion);
  });

  contract(
    "lets groups of variables minimise losses of their own, each at its rate and clipped by itself",
    (engine) => {
      const chosen = { name: "adam", beta1: 0.5, beta2: 0.9, epsilon: 1e-3 } as const;
      for (
        const [settings, clipNorm] of [[OPTIMISERS.sgd, 0.6], [OPTIMISERS.sgd, undefined], [
          chosen,
          0.6,
        ]] as const
      ) {
        const { parameters, step, names } = game(engine, { rule: optimiser(settings).rule, clipNorm });
        let last: Record<string, number> = {};
        for (let i = 0; i < 9; i++) last = step.run(0.05);
        const { x, y } = expectedGame(referenceOf(settings), clipNorm, 0.05, 9);
        close([...parameters.get(names.x), ...parameters.get(names.y)], [...x, ...y], 1e-5);
        assert.deepEqual([...parameters.get(names.z)], [2]);
        close([last.loss!], [last.ofX! + last.ofY!], 1e-5);
        // Another process goes on from the state of both players with the same bytes.
        const state = parameters.saveState();
        step.run(0.05);
        const after = parameters.saveState();
        parameters.restoreState(state);
        step.run(0.05);
        assert.deepEqual(parameters.saveState(), after);
      }
    },
  );

  contract(
    "refuses groups that are no partition of the variables, and losses that are not there",
    (engine) => {
      const [a, b] = ["a", "b"].map((name) => tf.variable(tf.scalar(1), true, `${name}${fresh++}`));
      const groupsOf = (...groups: NonNullable<Optimiser["groups"]>) =>
        engine.parameters([a!, b!], { ...SGD, groups });
      const whole = { loss: "loss", variables: [a!.name, b!.name] };
      assert.throws(() => groupsOf({ loss: "loss", variables: [a!.name] }), /"b\d+": it is in no group/);
      assert.throws(() => groupsOf(whole, { loss: "other", variables: [b!.name] }), /in two groups/);
      assert.throws(() => groupsOf({ loss: "loss", variables: ["c"] }), /there is no such variable/);
      assert.throws(
        () => groupsOf({ ...whole, rate: 0 }),
        /the rate of the group of "loss" must be > 0: it is 0/,
      );
      const parameters = groupsOf({ ...whole, loss: "other" });
      assert.throws(
        () =>
          engine.compileStep({
            parameters,
            inputs: {},
            step: () => ({ loss: tf.add(a!, b!) as tf.Scalar }),
          }).run(0.1),
        /returns nothing named "other"/,
      );
    },
  );

  // They would make every later update many times as slow.
  contract("lets what only decays end in no denormal numbers", (engine) => {
    const adam = optimiser({ name: "adam", weightDecay: 5e-4 });
    const momentum = optimiser(OPTIMISERS["sgd with momentum and weight decay"]);
    for (const [chosen, rates] of [[adam, [4e-3, 2e-4, 5e-5]], [momentum, [0.5, 0.5, 0.5]]] as const) {
      const { parameters, step, names: [, , unused] } = line(engine, chosen);
      step.inputs.x!.fill(0); // a rate that suits what decays would be too much for what learns
      step.inputs.y!.fill(0);
      for (const [i, rate] of rates.flatMap((rate) => Array(900).fill(rate)).entries()) {
        step.enqueue(rate);
        if (i % 10 > 0) continue; // they come and go
        step.collect();
        const state = parameters.saveState();
        for (const section of ["values", ...chosen.rule.slots]) {
          for (const value of state[`${section}/${unused}`]!) {
            assert.ok(
              value === 0 || Math.abs(value) > 1.2e-38,
              `${chosen.rule.name}, ${i}: ${section} ${value}`,
            );
          }
        }
      }
    }
  });

  contract("makes enqueued steps as if each had been waited for, and tells of them in order", (engine) => {
    const one = line(engine, optimiser(ADAM)), many = line(engine, optimiser(ADAM));
    const alone = Array.from({ length: 7 }, (_, i) => {
      one.step.inputs.weight![0] = 1 + i;
      return one.step.run(0.01 * (1 + i));
    });
    for (let i = 0; i < 7; i++) {
      many.step.inputs.weight![0] = 1 + i;
      many.step.enqueue(0.01 * (1 + i));
    }
    assert.deepEqual(many.step.collect(), alone);
    assert.deepEqual(many.step.collect(), []);
    for (let i = 0; i < 3; i++) {
      assert.deepEqual(one.parameters.get(one.names[i]!), many.parameters.get(many.names[i]!));
    }
    // Whoever reads the weights sees what was enqueued before.
    one.step.run(0.1);
    many.step.enqueue(0.1);
    assert.deepEqual(one.parameters.get(one.names[0]), many.parameters.get(many.names[0]));
  });

  contract("takes a batch from examples by their numbers", (engine) => {
    const bytes = Uint8Array.from({ length: 18 }, (_, i) => (i * 37) % 256), scale = 1 / 255;
    const given = line(engine, SGD);
    const taken = line(engine, SGD, {
      inputs: {
        x: { shape: [4, 3], batched: true, examples: { bytes, scale } },
        y: { shape: [4, 2], batched: true },
        weight: { shape: [], batched: false },
      },
    });
    const rows = [5, 0, 3, 3];
    assert.equal(taken.step.inputs.x!.length, 4);
    taken.step.inputs.x!.set(rows);
    given.step.inputs.x!.set(rows.flatMap((row) => [0, 1, 2].map((k) => bytes[row * 3 + k]! * scale)));
    for (const { step } of [given, taken]) step.inputs.y!.set([1, 2, 3, 4, 5, 6, 7, 8]);
    assert.deepEqual(taken.step.run(0.1), given.step.run(0.1));
    assert.deepEqual(taken.parameters.get(taken.names[0]), given.parameters.get(given.names[0]));
    taken.step.inputs.x![2] = 6;
    assert.throws(() => taken.step.run(0.1), /no example 6: there are 6/);
  });

  contract("averages over two halves of a batch to what one part gives", (engine) => {
    const one = line(engine, SGD, { parts: 1 }), two = line(engine, SGD, { parts: 2 });
    for (let i = 0; i < 5; i++) {
      const a = one.step.run(0.1), b = two.step.run(0.1);
      close([a.loss!], [b.loss!], 1e-6);
    }
    close(one.parameters.get(one.names[0]), two.parameters.get(two.names[0]), 1e-6);
  });

  contract("continues from a saved state with the same bytes", (engine) => {
    const a = line(engine, optimiser(ADAM)), b = line(engine, optimiser(ADAM));
    for (let i = 0; i < 3; i++) a.step.run(0.05);
    const state = Object.fromEntries(
      Object.entries(a.parameters.saveState()).map((
        [key, value],
      ) => [a.names.reduce((k, name, i) => k.replace(name, b.names[i]!), key), value]),
    );
    b.parameters.restoreState(state);
    for (let i = 0; i < 3; i++) assert.deepEqual(a.step.run(0.05), b.step.run(0.05));
    for (let i = 0; i < 3; i++) {
      assert.deepEqual(a.parameters.get(a.names[i]!), b.parameters.get(b.names[i]!));
    }
  });

  contract("reads a state that another engine has saved, and goes on as that does", async (engine) => {
    for (const other of BACKEND_NAMES.filter((other) => other !== name)) {
      if (!await isThere(other)) continue;
      const another = await openEngine(other);
      const a = line(engine, optimiser(ADAM)), b = line(another, optimiser(ADAM));
      const renamed = (state: Record<string, Float32Array>, from: typeof a, to: typeof a) =>
        Object.fromEntries(
          Object.entries(state).map((
            [key, value],
          ) => [from.names.reduce((k, own, i) => k.replace(own, to.names[i]!), key), value]),
        );
      for (let i = 0; i < 3; i++) b.step.run(0.05);
      a.parameters.restoreState(renamed(b.parameters.saveState(), b, a));
      assert.deepEqual(renamed(a.parameters.saveState(), a, b), b.parameters.saveState());
      close([a.step.run(0.05).loss!], [b.step.run(0.05).loss!], 1e-6);
      for (let i = 0; i < 3; i++) close(a.parameters.get(a.names[i]!), b.parameters.get(b.names[i]!), 1e-6);
      another.dispose();
    }
  });

  contract("refuses a state that does not fit, and leaves the parameters as they were", (engine) => {
    const { parameters, names: [w] } = line(engine, SGD);
    const before = parameters.get(w);
    const state = parameters.saveState();
    state[`values/${w}`]!.fill(9);
    const { [`moment1/${w}`]: _, ...missing } = state;
    assert.throws(() => parameters.restoreState(missing), /should have 6 values, and has none/);
    assert.throws(() => parameters.restoreState({ ...state, step: new Float32Array() }), /no step count/);
    assert.deepEqual(parameters.get(w), before);
    assert.throws(() => parameters.set(w, new Float32Array(5)), /6 values .*not 5/);
    assert.throws(() => parameters.get("nothing"), /no parameter "nothing"/);
  });

  contract("runs a function on the parameters as they are now", (engine) => {
    const { parameters, step, names: [w] } = line(engine, SGD);
    const fn = engine.compileFunction({
      parameters,
      inputs: { x: [2, 3] },
      fn: ({ x }) => {
        const y = tf.matMul(x as tf.Tensor2D, tf.engine().registeredVariables[w] as unknown as tf.Tensor2D);
        return { y, same: x!, total: tf.sum(y) };
      },
    });
    const x = [1, 2, 3, -1, 0, 0.5];
    fn.inputs.x!.set(x);
    for (let round = 0; round < 2; round++) {
      const p = parameters.get(w);
      const expected = [0, 1, 2, 3].map((i) =>
        [0, 1, 2].reduce((sum, k) => sum + x[(i >> 1) * 3 + k]! * p[k * 2 + i % 2]!, 0)
      );
      const out = fn.run();
      close(out.y!, expected, 1e-6);
      close(out.total!, [expected.reduce((a, b) => a + b)], 1e-6);
      assert.deepEqual([...out.same!], x);
      step.run(0.5);
    }
  });

  contract("runs a function of no parameters", (engine) => {
    const parameters = engine.parameters([]);
    const program = engine.compileFunction({
      parameters,
      inputs: { a: [2, 3], b: [3, 2] },
      fn: ({ a, b }) => ({ product: tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D) }),
    });
    program.inputs.a!.set([1, 2, 3, 4, 5, 6]);
    program.inputs.b!.set([1, 0, 0, 1, 1, 1]);
    assert.deepEqual([...program.run().product!], [4, 5, 10, 11]);
  });

  contract("refuses random numbers drawn inside a step", (engine) => {
    for (
      const draw of [
        () => tf.randomNormal([4, 2]),
        () => tf.randomUniform([4, 2], 0, 1, "float32", 1),
        () => tf.dropout(tf.ones([4, 2]), 0.5, undefined, 3),
      ]
    ) {
      assert.throws(() => {
        line(engine, SGD, { step: ({ x }) => ({ loss: tf.sum(tf.mul(draw(), tf.sum(x!))) as tf.Scalar }) })
          .step.run(0.1);
      }, /pass the random numbers as an input/);
    }
    tf.randomNormal([2]).dispose(); // outside a step it is allowed again
  });

  contract("refuses steps that cannot be compiled", (engine) => {
    const step = (extra: Partial<StepDefinition>) => () => line(engine, SGD, extra).step.run(0.1);
    const loss = ({ x }: Record<string, tf.Tensor>) => tf.sum(x!) as tf.Scalar;
    assert.throws(
      step({ inputs: { x: { shape: [3, 3], batched: true } }, parts: 2 }),
      /3 examples .* 2 parts/,
    );
    assert.throws(
      step({ inputs: { x: { shape: [2, 3], batched: true }, y: { shape: [4], batched: true } } }),
      /4 examples and another has 2/,
    );
    assert.throws(step({ inputs: { x: { shape: [], batched: true } } }), /a scalar/);
    assert.throws(step({ inputs: { x: { shape: [0, 3], batched: false } } }), /the shape \[0,3\]/);
    assert.throws(
      step({ step: (inputs) => ({ loss: loss(inputs), vector: inputs.x as unknown as tf.Scalar }) }),
      /"vector" must be a scalar/,
    );
    assert.throws(step({ step: (() => ({})) as unknown as StepDefinition["step"] }), /nothing named "loss"/);
    assert.throws(() => line(engine, { ...SGD, weightDecay: -1 }), /weight decay/);
    assert.throws(() => line(engine, { ...SGD, clipNorm: 0 }), /clipNorm/);
    assert.throws(() => line(engine, undefined), /its parameters have no optimiser/);
  });

  contract("refuses parameters that are another engine's", async (engine) => {
    const another = await openEngine(BACKEND_NAMES.find((other) => other !== name)!);
    const { parameters } = line(another, SGD);
    assert.throws(() => engine.compileStep(definition(parameters)), /not this engine's/);
    assert.throws(
      () => engine.compileFunction({ parameters, inputs: {}, fn: () => ({}) }),
      /not this engine's/,
    );
    another.dispose();
  });

  contract("refuses variables that are no floats or have the same name", (engine) => {
    const whole = tf.variable(tf.tensor1d([1], "int32")), one = tf.variable(tf.tensor1d([1]));
    assert.throws(() => engine.parameters([whole]), /its type is int32, not float32/);
    assert.throws(() => engine.parameters([one, one]), /two variables named/);
    tf.dispose([whole, one]);
  });

  contract("refuses to run what was disposed of, and to give its memory away", (engine) => {
    const { parameters, step, names: [w] } = line(engine, SGD);
    assert.throws(() => structuredClone(0, { transfer: [step.inputs.x!.buffer as ArrayBuffer] }));
    step.dispose();
    step.dispose();
    assert.throws(() => step.run(0.1), /disposed/);
    const other = line(engine, SGD);
    engine.dispose();
    assert.throws(() => other.step.run(0.1), /disposed/);
    assert.throws(() => parameters.get(w), /disposed/);
    assert.throws(() => engine.compileStep(definition(parameters)), /disposed/);
  });

  const definition = (parameters: StepDefinition["parameters"]): StepDefinition => ({
    parameters,
    inputs: {},
    step: () => ({ loss: tf.sum(tf.engine().registeredVariables[parameters.names[0]!]!) as tf.Scalar }),
  });
}
