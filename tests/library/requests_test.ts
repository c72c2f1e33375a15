import assert from "node:assert/strict";
import { UserError } from "../../pipeline/base/errors.ts";
import { requireRows, requireSample } from "../../pipeline/library/requests.ts";

const UNTOLD = { widths: { example: 784, code: 2 }, classes: 0 };
const TOLD = { ...UNTOLD, classes: 3 };

const refusal = (work: () => void): string => {
  try {
    work();
  } catch (error) {
    assert(error instanceof UserError, String(error));
    return error.message;
  }
  return "none";
};

Deno.test("values that are no whole examples or codes are refused, whole ones are taken, none too", () => {
  const rows = (what: "example" | "code", length: number) =>
    refusal(() => requireRows(UNTOLD, what, new Float32Array(length), undefined));
  assert.equal(rows("example", 10), "Cannot take 10 values for examples: each has 784");
  assert.equal(rows("code", 1), "Cannot take 1 value for codes: each has 2");
  for (const count of [0, 1, 3]) {
    assert.deepEqual([rows("example", 784 * count), rows("code", 2 * count)], ["none", "none"]);
  }
});

Deno.test("labels are one for each row and of classes that there are, where the model is told them", () => {
  const labels = (requests: typeof TOLD, ...labels: number[]) =>
    refusal(() => requireRows(requests, "code", new Float32Array(4), labels));
  assert.equal(labels(TOLD, 0, 2), "none");
  assert.equal(labels(TOLD, 0), "Cannot take 1 label for 2 codes: each has one");
  for (const wrong of [3, -1, 0.5, NaN]) {
    assert.equal(labels(TOLD, 0, wrong), `Cannot take ${wrong} for a label`);
  }
  assert.equal(labels(UNTOLD, 7), "none");
});

Deno.test("a number of samples is whole, and their class there", () => {
  const sample = (count: number, label?: number) => refusal(() => requireSample(TOLD, count, label));
  for (const count of [-1, 1.5, NaN, Infinity]) {
    assert.match(sample(count), /must be a whole number of at least 0$/);
  }
  assert.deepEqual([sample(0), sample(5), sample(5, 2)], ["none", "none", "none"]);
  assert.equal(sample(5, 3), "Cannot take 3 for a label");
});
