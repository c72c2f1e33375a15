import assert from "node:assert/strict";
import fc from "fast-check";
import { klWeight, learningRate } from "./modules.ts";
import type { KlSpec } from "../../pipeline/spec/schema.ts";
import { assertNear } from "../support/assert_near.ts";

const RAMP = { startWeight: 0, endWeight: 1, start: 0, end: 10, unit: "epoch", freeBits: 0 } as const;
const near = (actual: number, expected: number) => assertNear(actual, expected, { absolute: 1e-12 });

Deno.test("a constant KL weight is that weight", () => {
  assert.equal(klWeight({ schedule: "constant", weight: 0.4, freeBits: 0 }, 12345, 10), 0.4);
});

Deno.test("a linear KL weight rises evenly within an epoch too, and then stays", () => {
  const schedule: KlSpec = { schedule: "linear", ...RAMP, start: 2, end: 4 };
  assert.deepEqual([0, 200, 250, 300, 375, 400, 999].map((step) => klWeight(schedule, step, 100)), [
    0,
    0,
    0.25,
    0.5,
    0.875,
    1,
    1,
  ]);
});

Deno.test("a schedule in steps does not depend on the length of an epoch", () => {
  const schedule: KlSpec = { schedule: "linear", ...RAMP, unit: "step", end: 1000 };
  for (const stepsPerEpoch of [1, 7, 468]) assert.equal(klWeight(schedule, 250, stepsPerEpoch), 0.25);
});

Deno.test("the cosine ramp is half of a cosine", () => {
  const schedule: KlSpec = { schedule: "cosine", ...RAMP, startWeight: 0.2, endWeight: 0.6 };
  near(klWeight(schedule, 0, 1), 0.2);
  near(klWeight(schedule, 5, 1), 0.4);
  near(klWeight(schedule, 10, 3), 0.2 + 0.4 * (1 - Math.cos(Math.PI / 3)) / 2);
  near(klWeight(schedule, 10, 1), 0.6);
});

Deno.test("the sigmoid ramp starts and ends exactly and is half-way in the middle", () => {
  const schedule: KlSpec = { schedule: "sigmoid", ...RAMP };
  near(klWeight(schedule, 0, 1), 0);
  near(klWeight(schedule, 5, 1), 0.5);
  near(klWeight(schedule, 10, 1), 1);
  near(klWeight(schedule, 3, 1) + klWeight(schedule, 7, 1), 1);
  assert.ok(klWeight(schedule, 1, 1) < 0.01, "it starts slowly");
});

Deno.test("the cyclical schedule rises in half of each cycle, as in Fu et al.", () => {
  const schedule: KlSpec = { schedule: "cyclical", ...RAMP, end: 40, cycles: 4, rampFraction: 0.5 };
  const weights = [[0, 0], [2.5, 0.5], [5, 1], [7, 1], [10, 0], [12, 0.4], [15, 1], [39, 1], [40, 1], [
    99,
    1,
  ]];
  for (const [epoch, weight] of weights) near(klWeight(schedule, epoch! * 10, 10), weight!);
});

Deno.test("every cycle begins at its step, as whole numbers have it", () => {
  // 500 steps an epoch, five cycles in twelve epochs: 1,200 steps each.
  const schedule: KlSpec = { schedule: "cyclical", ...RAMP, end: 12, cycles: 5, rampFraction: 0.5 };
  const at = (step: number) => klWeight(schedule, step, 500);
  assert.deepEqual([0, 1200, 2400, 3600, 4800].map(at), [0, 0, 0, 0, 0]);
  assert.deepEqual([1199, 2399, 3599, 4799, 6000, 6001].map(at), [1, 1, 1, 1, 1, 1]);
  fc.assert(fc.property(
    fc.record({
      stepsPerEpoch: fc.integer({ min: 1, max: 2000 }),
      start: fc.integer({ min: 0, max: 20 }),
      epochs: fc.integer({ min: 1, max: 100 }),
      cycles: fc.integer({ min: 1, max: 9 }),
      step: fc.nat(250_000),
    }),
    ({ stepsPerEpoch, start, epochs, cycles, step }) => {
      const spec: KlSpec = { ...schedule, start, end: start + epochs, cycles, rampFraction: 0.25 };
      const [elapsed, all] = [step - start * stepsPerEpoch, epochs * stepsPerEpoch];
      // elapsed * cycles modulo all is a whole number: no rounding.
      const expected = elapsed <= 0
        ? 0
        : elapsed >= all
        ? 1
        : Math.min(1, elapsed * cycles % all / all / 0.25);
      assertNear(klWeight(spec, step, stepsPerEpoch), expected, { absolute: 1e-7 });
    },
  ));
});

Deno.test("a ramp of no length is a jump", () => {
  const schedule: KlSpec = { schedule: "linear", ...RAMP, start: 3, end: 3 };
  assert.equal(klWeight(schedule, 29, 10), 0);
  assert.equal(klWeight(schedule, 30, 10), 1);
});

Deno.test("every ramp stays between its weights and, but for the cyclical one, never falls", () => {
  fc.assert(fc.property(
    fc.constantFrom("linear", "sigmoid", "cosine"),
    fc.integer({ min: 0, max: 300 }),
    fc.integer({ min: 0, max: 300 }),
    (schedule, a, b) => {
      const spec: KlSpec = { schedule, ...RAMP, startWeight: 0.1, endWeight: 0.9 };
      const [low, high] = [klWeight(spec, Math.min(a, b), 20), klWeight(spec, Math.max(a, b), 20)];
      assert.ok(low >= 0.1 - 1e-12 && low <= high && high <= 0.9 + 1e-12);
    },
  ));
});

Deno.test("a piecewise learning rate changes at the start of the named epochs, in any order of naming", () => {
  const schedule = {
    schedule: "piecewise" as const,
    rate: 1e-3,
    changes: [{ epoch: 5, rate: 1e-5 }, { epoch: 3, rate: 1e-4 }],
  };
  const at = (step: number) => learningRate(schedule, step, 10, 8);
  assert.deepEqual([0, 19, 20, 39, 40, 79].map(at), [1e-3, 1e-3, 1e-4, 1e-4, 1e-5, 1e-5]);
});

Deno.test("a cosine learning rate warms up, is half-way in the middle and ends at its end rate", () => {
  const schedule = { schedule: "cosine" as const, rate: 1, endRate: 0.2, warmupEpochs: 2 };
  const at = (step: number) => learningRate(schedule, step, 10, 10);
  near(at(0), 1 / 20);
  near(at(9), 0.5);
  near(at(19), 1);
  near(at(20), 1);
  near(at(60), 0.6);
  near(at(100), 0.2);
  near(at(1000), 0.2);
});

Deno.test("a constant learning rate is constant", () => {
  assert.equal(learningRate({ schedule: "constant", rate: 0.01 }, 999, 10, 2), 0.01);
});
