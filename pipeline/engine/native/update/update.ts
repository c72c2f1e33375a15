import type { Optimiser } from "../../engine.ts";
import type { Attributes } from "../../graph/graph.ts";
import { type Loop, type Memory, OWN, PARAMETERS, type Term } from "../program/loop.ts";

/**
 * The update of weights as a loop, which reads every number once: it is bound by the memory's speed. The gradient is
 * the mean over the parts of a batch; it is clipped first, then weight decay is added (L2) or kept apart (AdamW), as
 * PyTorch does.
 */

/** What changes from step to step, in the order in which it lies in memory, as float32. */
export const NUMBERS = ["scale", "rate", "floor", "keep"] as const;
export type Numbers = Readonly<Record<typeof NUMBERS[number], number>>;

/**
 * @param step counts from 1
 * @param squares the sum of the squares of the gradients, which are sums over the parts
 */
export function numbersOf(
  optimiser: Optimiser,
  step: number,
  learningRate: number,
  parts: number,
  squares: number,
): Numbers {
  const norm = Math.sqrt(squares) / parts, { clipNorm } = optimiser;
  const scale = clipNorm !== undefined && norm > clipNorm ? clipNorm / norm / parts : 1 / parts;
  if (optimiser.name === "sgd") return { scale, rate: learningRate, floor: 0, keep: 1 };
  // m / (1 - beta1^t) over sqrt(v / (1 - beta2^t)) + epsilon, with both corrections moved into two numbers.
  const root = Math.sqrt(1 - optimiser.beta2 ** step);
  return {
    scale,
    rate: learningRate * root / (1 - optimiser.beta1 ** step),
    floor: optimiser.epsilon * root,
    keep: 1 - learningRate * optimiser.weightDecay,
  };
}

/** Entries to be updated: a block of them, with the strides of the parameters and the gradients. */
export interface Block {
  readonly sides: readonly number[];
  readonly parameters: readonly number[];
  readonly gradients: readonly number[];
  /** Tensors whose sum is the gradient; none, and it is 0. */
  readonly count: number;
}

/**
 * Numbers so small become 0. A weight that no example reaches decays until it, its moments and their products are
 * denormal, and then the processor takes a hundred times as long for each: after some thousand steps on music,
 * whose rolls are mostly silent, the update took longer than everything else. No product of two numbers above these
 * bounds that is formed here is denormal. NaN stays.
 */
const SMALLEST = 1e-30, SMALLEST_GRADIENT = 1e-17, SMALLEST_SQUARE = 1e-34;

/** Operands: values, first and, for Adam, second moments; gradients; `NUMBERS`. Results: values and moments. */
export function updateLoop(optimiser: Optimiser, block: Block): Loop {
  const sketch = new Sketch(block.sides);
  const still = block.sides.map(() => 0);
  const p = sketch.operand(PARAMETERS, block.parameters), m = sketch.operand(PARAMETERS, block.parameters);
  const v = optimiser.name === "sgd" ? undefined : sketch.operand(PARAMETERS, block.parameters);
  const gradients = Array.from({ length: block.count }, () => sketch.operand(OWN, block.gradients));
  const [scale, rate, floor, keep] = NUMBERS.map(() => sketch.operand(OWN, still)) as [
    Term,
    Term,
    Term,
    Term,
  ];
  const { add, sub, mul, flush } = sketch;
  // Without decay, weights do not become ever smaller.
  const weight = (value: Term) => optimiser.weightDecay > 0 ? flush(value, SMALLEST) : value;

  const decay: Term = { number: optimiser.weightDecay };
  let g = gradients.length === 0 ? { number: 0 } : mul(gradients.reduce(add), scale);
  if (optimiser.weightDecay > 0 && optimiser.name !== "adamw") g = add(g, mul(p, decay));
  if (optimiser.name === "sgd") {
    // m = momentum m + g; p = p - rate m
    const moved = flush(add(mul(m, { number: optimiser.momentum }), g), SMALLEST);
    sketch.results(PARAMETERS, block.parameters, [weight(sub(p, mul(moved, rate))), moved]);
    return sketch.loop;
  }
  // Adam (Kingma and Ba, 2015, algorithm 1): m and v move towards g and its square; p = keep p - rate m / (sqrt(v) +
  // floor), where `keep` is AdamW's decoupled decay.
  g = flush(g, SMALLEST_GRADIENT);
  const towards = (from: Term, to: Term, share: number) => add(from, mul(sub(to, from), { number: share }));
  const first = flush(towards(m, g, 1 - optimiser.beta1), SMALLEST);
  const second = towards(v!, mul(g, g), 1 - optimiser.beta2);
  const move = sketch.step("Div", mul(first, rate), add(sketch.step("Sqrt", second), floor));
  const kept = optimiser.name === "adamw" ? mul(p, keep) : p;
  sketch.results(PARAMETERS, block.parameters, [
    weight(sub(kept, move)),
    first,
    flush(second, SMALLEST_SQUARE),
  ]);
  return sketch.loop;
}

/** Operands: gradients. Results: their sum, where `store` says with what strides, and the running sum of its squares. */
export function squaresLoop({ sides, gradients, count }: Block, store?: readonly number[]): Loop {
  const sketch = new Sketch(sides);
  const g = Array.from({ length: count }, () => sketch.operand(OWN, gradients)).reduce(sketch.add);
  if (store) sketch.results(OWN, store, [g]);
  sketch.sum(OWN, sketch.mul(g, g));
  return sketch.loop;
}

/** A loop under construction. */
class Sketch {
  readonly #operands: Loop["operands"][number][] = [];
  readonly #steps: Loop["steps"][number][] = [];
  readonly #results: Loop["results"][number][] = [];

  constructor(readonly sides: readonly number[]) {}

  operand(memory: Memory, strides: readonly number[]): Term {
    return { operand: this.#operands.push({ memory, strides }) - 1 };
  }

  step(op: string, ...terms: readonly Term[]): Term {
    return this.#step(op, terms, {});
  }

  #step(op: string, terms: readonly Term[], attributes: Attributes): Term {
    return { step: this.#steps.push({ op, terms, attributes }) - 1 };
  }

  readonly add = (a: Term, b: Term) => this.step("Add", a, b);
  readonly sub = (a: Term, b: Term) => this.step("Sub", a, b);
  readonly mul = (a: Term, b: Term) => this.step("Mul", a, b);
  readonly flush = (x: Term, smallest: number) => this.#step("Flush", [x], { smallest: { float: smallest } });

  results(memory: Memory, strides: readonly number[], terms: readonly Term[]): void {
    for (const term of terms) this.#results.push({ memory, strides, term, kind: "entries", size: 0 });
  }

  sum(memory: Memory, term: Term): void {
    this.#results.push({ memory, strides: this.sides.map(() => 0), term, kind: "running sum", size: 1 });
  }

  get loop(): Loop {
    return { sides: this.sides, operands: this.#operands, steps: this.#steps, results: this.#results };
  }
}
