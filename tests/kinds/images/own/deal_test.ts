import assert from "node:assert/strict";
import fc from "fast-check";
import { UserError } from "../../../../pipeline/base/errors.ts";
import { deal } from "../../../../pipeline/kinds/images/own/deal.ts";
import type { Amount } from "../../../../pipeline/kinds/images/own/schema.ts";

const all = (count: number) => Uint32Array.from({ length: count }, (_, i) => i);
const perClass = (labels: Uint8Array, part: Uint32Array) =>
  [0, 1, 2].map((label) => part.filter((i) => labels[i] === label).length);

Deno.test("a share takes the same of each class, as near as whole examples come to it", () => {
  const labels = Uint8Array.from({ length: 100 }, (_, i) => i < 50 ? 0 : i < 80 ? 1 : 2);
  const { train, validation, test } = deal(
    { train: all(100) },
    { test: { share: 0.2 }, validation: { share: 0.1 } },
    labels,
    1,
  );
  assert.deepEqual(perClass(labels, test), [10, 6, 4]);
  assert.deepEqual(perClass(labels, validation), [4, 2, 2]); // a tenth of the 80 that are left
  assert.equal(train.length + validation.length + test.length, 100);
});

Deno.test("parts never share an example, hold nothing else, and follow the seed alone", () => {
  const amount: fc.Arbitrary<Amount> = fc.oneof(
    fc.record({ share: fc.constantFrom(0.05, 0.3) }),
    fc.record({ count: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ perClass: fc.integer({ min: 1, max: 3 }) }),
  );
  const parts = fc.record({ test: amount, validation: amount, train: amount }, { requiredKeys: [] });
  fc.assert(fc.property(fc.integer({ min: 60, max: 90 }), parts, fc.nat(99), (count, wanted, seed) => {
    const labels = Uint8Array.from({ length: count }, (_, i) => i % 3);
    const dealt = deal({ train: all(count) }, wanted, labels, seed);
    const examples = [...dealt.train, ...dealt.validation, ...dealt.test];
    assert.equal(new Set(examples).size, examples.length);
    assert(examples.every((example) => example < count));
    assert.deepEqual(deal({ train: all(count) }, wanted, labels, seed), dealt);
    for (const name of ["train", "validation", "test"] as const) {
      const amount = wanted[name];
      if (amount && "count" in amount) assert.equal(dealt[name].length, amount.count);
      if (amount && "perClass" in amount) {
        assert.deepEqual(perClass(labels, dealt[name]), Array(3).fill(amount.perClass));
      }
    }
  }));
});

Deno.test("what is given as test examples is the test part, whole or in part, and nothing of it trains", () => {
  const labels = new Uint8Array(30);
  const given = { train: all(20), test: all(30).slice(20) };
  const whole = deal(given, {}, labels, 1);
  assert.deepEqual([...whole.test].sort(), [...given.test]);
  assert.equal(whole.train.length, 20);
  const some = deal(given, { test: { count: 3 }, train: { count: 4 } }, labels, 1);
  assert.deepEqual([some.train.length, some.test.length], [4, 3]);
  assert(some.test.every((example) => example >= 20));
});

Deno.test("the fewest examples that can be dealt are two; too few are refused in words", () => {
  const two = deal({ train: all(2) }, {}, new Uint8Array(2), 1);
  assert.deepEqual([two.train.length, two.test.length], [1, 1]);
  const cases: [number, Parameters<typeof deal>[1], RegExp][] = [
    [1, {}, /the training part has no examples/],
    [5, { test: { count: 6 } }, /split\.test asks for 6 examples, and there are 5/],
    [6, { test: { perClass: 4 } }, /split\.test asks for 4 examples of each class, and class 0 has 3/],
  ];
  for (const [count, wanted, message] of cases) {
    const labels = Uint8Array.from({ length: count }, (_, i) => i % 2);
    assert.throws(
      () => deal({ train: all(count) }, wanted, labels, 1),
      (error) => error instanceof UserError && message.test(error.message),
    );
  }
});
