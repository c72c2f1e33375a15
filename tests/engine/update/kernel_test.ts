import assert from "node:assert/strict";
import type { Entry } from "../../../pipeline/engine/graph/entrywise.ts";
import {
  numberNames,
  sectionsOf,
  updateKernel,
  updateNumbers,
} from "../../../pipeline/engine/update/kernel.ts";
import { optimiser } from "../engines.ts";

/** The kernel's results as formulas over the names of its operands: p, its slots, g0, g1, ..., and the numbers. */
function formulas(chosen: Parameters<typeof optimiser>[0], gradients: number): string[] {
  const kernel = updateKernel(optimiser(chosen), gradients);
  const names = [
    ...kernel.sections,
    ...Array.from({ length: gradients }, (_, i) => `g${i}`),
    ...kernel.numbers,
  ];
  const signs: Record<string, string> = { Add: "+", Sub: "-", Mul: "*", Div: "/" };
  const show = (entry: Entry): string => {
    if ("number" in entry) return String(Math.fround(entry.number));
    if ("operand" in entry) return names[entry.operand]!;
    const { op, entries } = kernel.steps[entry.step]!, [a, b] = entries.map(show);
    return signs[op] ? `(${a} ${signs[op]} ${b})` : `${op}(${entries.map(show).join(", ")})`;
  };
  return kernel.results.map(show);
}

const tiny = (bound: number) => String(Math.fround(bound));

Deno.test("gradient descent with momentum moves the weight along what it has gathered", () => {
  const moved = `Flush(((moment1 * 0.5) + ((g0 + g1) * gradientScale)), ${tiny(1e-30)})`;
  assert.deepEqual(formulas({ name: "sgd", momentum: 0.5 }, 2), [`(values - (${moved} * stepSize))`, moved]);
});

Deno.test("L2 decay is part of the gradient, and what decays is flushed", () => {
  const decayed = "((g0 * gradientScale) + (values * 0.25))";
  const moved = `Flush(((moment1 * 0) + ${decayed}), ${tiny(1e-30)})`;
  assert.deepEqual(formulas({ name: "sgd", weightDecay: 0.25 }, 1), [
    `Flush((values - (${moved} * stepSize)), ${tiny(1e-30)})`,
    moved,
  ]);
});

const adam = (gradient: string) => {
  const g = `Flush(${gradient}, ${tiny(1e-17)})`;
  const m = `Flush((moment1 + ((${g} - moment1) * 0.5)), ${tiny(1e-30)})`;
  const v = `(moment2 + (((${g} * ${g}) - moment2) * 0.25))`;
  return { move: `((${m} * stepSize) / (Sqrt(${v}) + epsilonHat))`, m, v: `Flush(${v}, ${tiny(1e-34)})` };
};
const SETTINGS = { beta1: 0.5, beta2: 0.75, epsilon: 1e-8 };

Deno.test("Adam moves the weight by its first moment over the root of its second", () => {
  const { move, m, v } = adam("(g0 * gradientScale)");
  assert.deepEqual(formulas({ name: "adam", ...SETTINGS }, 1), [`(values - ${move})`, m, v]);
});

Deno.test("AdamW's decay shrinks the weight and leaves the moments alone", () => {
  const { move, m, v } = adam("(g0 * gradientScale)");
  assert.deepEqual(formulas({ name: "adamw", ...SETTINGS, weightDecay: 0.1 }, 1), [
    `Flush(((values * decayFactor) - ${move}), ${tiny(1e-30)})`,
    m,
    v,
  ]);
});

Deno.test("a variable that the loss does not reach has the gradient 0", () => {
  assert.match(formulas({ name: "sgd" }, 0)[1]!, /^Flush\(\(\(moment1 \* 0\) \+ 0\)/);
});

Deno.test("sections are the values and the optimiser's slots", () => {
  assert.deepEqual(sectionsOf(undefined), ["values"]);
  assert.deepEqual(sectionsOf(optimiser({ name: "sgd" })), ["values", "moment1"]);
  assert.deepEqual(sectionsOf(optimiser({ name: "adamw" })), ["values", "moment1", "moment2"]);
  assert.deepEqual(numberNames(optimiser({ name: "adam" })), ["gradientScale", "stepSize", "epsilonHat"]);
});

Deno.test("Adam's bias corrections lie in the step size and in epsilon", () => {
  // At step 2: 1 - 0.5^2 = 0.75, and the root of 1 - 0.75^2 = 0.4375.
  const now = { step: 2, learningRate: 0.1, parts: 2, squares: 0 };
  const root = Math.sqrt(0.4375);
  assert.deepEqual(updateNumbers(optimiser({ name: "adamw", ...SETTINGS, weightDecay: 0.5 }), now), {
    gradientScale: 0.5,
    stepSize: 0.1 * root / 0.75,
    epsilonHat: 1e-8 * root,
    decayFactor: 0.95,
  });
});

Deno.test("the gradient is the mean over the parts, scaled down where its norm is too large", () => {
  const scale = (squares: number, clipNorm?: number) => {
    const chosen = { name: "sgd", ...(clipNorm === undefined ? {} : { clipNorm }) } as const;
    return updateNumbers(optimiser(chosen), { step: 1, learningRate: 1, parts: 2, squares }).gradientScale;
  };
  assert.equal(scale(400), 0.5);
  // The sum of two gradients has the norm 20, their mean 10.
  assert.equal(scale(400, 10), 0.5);
  assert.equal(scale(400, 5), 0.25);
});
