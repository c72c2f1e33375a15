import assert from "node:assert/strict";
import fc from "fast-check";
import type { Split } from "../../../pipeline/kinds/images/schema.ts";
import { splitIndices } from "../../../pipeline/kinds/images/split.ts";
import { UserError } from "../../../pipeline/base/errors.ts";

const LABELS = {
  train: Uint8Array.of(0, 1, 0, 1, 1, 0, 0, 1, 0, 1),
  test: Uint8Array.of(1, 0, 1, 0),
};

function split(parts: Partial<Split>): Split {
  return {
    train: { count: 6, offset: 0 },
    validation: { count: 0, offset: 6 },
    test: { count: 4, offset: 0 },
    order: "file",
    ...parts,
  };
}

Deno.test("split: counts are runs of the file", () => {
  const parts = splitIndices(
    split({
      train: { count: 3, offset: 1 },
      validation: { count: 2, offset: 4 },
      test: { count: 2, offset: 2 },
    }),
    LABELS,
    1,
  );
  assert.deepEqual([...parts.train], [1, 2, 3]);
  assert.deepEqual([...parts.validation], [4, 5]);
  assert.deepEqual([...parts.test], [2, 3]);
});

Deno.test("split: counts of each class keep the order of the file", () => {
  const parts = splitIndices(
    split({ train: { perClass: 2, offset: 0 }, validation: { perClass: 1, offset: 3 } }),
    LABELS,
    1,
  );
  assert.deepEqual([...parts.train], [0, 1, 2, 3]);
  assert.deepEqual([...parts.validation], [6, 7]);
});

Deno.test("split: too many examples, and parts that overlap, are a user's mistake", () => {
  const cases: [Partial<Split>, RegExp][] = [
    [
      { train: { count: 9, offset: 2 } },
      /split\.train asks for examples up to number 11, but the file has 10/,
    ],
    [{ test: { perClass: 3, offset: 0 } }, /split\.test .* up to number 3 of each class, but class 1 has 2/],
    [{ validation: { count: 2, offset: 5 } }, /training and validation parts share 1 examples/],
    [{ validation: { perClass: 1, offset: 0 } }, /share 2 examples/],
  ];
  for (const [parts, problem] of cases) {
    assert.throws(() => splitIndices(split(parts), LABELS, 1), (error: unknown) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, problem);
      return true;
    });
  }
});

Deno.test("split: shuffled parts share nothing, hold what was asked for, and follow from the seed", () => {
  const amount = fc.nat(20);
  const part = (classes: boolean) =>
    fc.record({ amount, offset: amount }).map(({ amount, offset }) =>
      classes ? { perClass: amount, offset } : { count: amount, offset }
    );
  fc.assert(fc.property(
    fc.uint8Array({ min: 0, max: 3, minLength: 300, maxLength: 400 }),
    fc.boolean(),
    fc.boolean().chain(part),
    fc.nat(5),
    fc.nat(),
    (labels, shuffled, train, validationSize, seed) => {
      fc.pre([0, 1, 2, 3].every((label) => labels.filter((other) => other === label).length >= 50));
      const amount = "count" in train ? train.count : train.perClass;
      const after = train.offset + amount;
      const wanted = split({
        train,
        validation: "count" in train
          ? { count: validationSize, offset: after }
          : { perClass: validationSize, offset: after },
        test: { count: labels.length, offset: 0 },
        order: shuffled ? "shuffled" : "file",
      });
      const parts = splitIndices(wanted, { train: labels, test: labels }, seed);
      assert.deepEqual(splitIndices(wanted, { train: labels, test: labels }, seed), parts);
      const all = [...parts.train, ...parts.validation];
      assert.equal(new Set(all).size, all.length);
      assert.deepEqual([...parts.test].sort((a, b) => a - b), [...labels.keys()]);
      assert.equal(parts.test.every((position, i) => position === i), !shuffled);
      for (const [part, size] of [[parts.train, amount], [parts.validation, validationSize]] as const) {
        if ("count" in train) assert.equal(part.length, size);
        else {
          const counts = [0, 1, 2, 3].map((label) => part.filter((i) => labels[i] === label).length);
          assert.deepEqual(counts, [size, size, size, size]);
        }
      }
    },
  ));
});

Deno.test("split: another seed gives another order", () => {
  const labels = { train: new Uint8Array(1000), test: new Uint8Array(10) };
  const shuffled = split({
    train: { count: 1000, offset: 0 },
    test: { count: 0, offset: 0 },
    order: "shuffled",
  });
  assert.notDeepEqual(splitIndices(shuffled, labels, 1).train, splitIndices(shuffled, labels, 2).train);
});
