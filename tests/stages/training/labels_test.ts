import assert from "node:assert/strict";
import { UserError } from "../../../pipeline/base/errors.ts";
import { FewLabels } from "../../../pipeline/stages/training/labels.ts";

const CLASSES = 3;
const LABELS = Uint8Array.from({ length: 90 }, (_, i) => (7 * i) % CLASSES);
const everything = Uint32Array.from(LABELS.keys());

/** The examples whose label is told, with what is told of them. */
function told(labels: FewLabels): Map<number, number> {
  const y = new Float32Array(LABELS.length * CLASSES).fill(9);
  labels.tell(y, everything);
  return new Map([...everything].flatMap((i) => {
    const row = [...y.subarray(i * CLASSES, (i + 1) * CLASSES)];
    assert.ok(row.every((value) => value === 0 || value === 1));
    return row.includes(1) ? [[i, row.indexOf(1)] as const] : [];
  }));
}

Deno.test("as many labels of each class are told as asked for, the true ones, and each draw tells others", () => {
  const first = told(new FewLabels(1, { perClass: 4, draw: 0 }, LABELS, CLASSES));
  assert.deepEqual([...first.values()].sort(), [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
  for (const [i, label] of first) assert.equal(label, LABELS[i]);
  assert.deepEqual(told(new FewLabels(1, { perClass: 4, draw: 0 }, LABELS, CLASSES)), first);
  for (const [seed, draw] of [[1, 1], [2, 0]] as const) {
    assert.notDeepEqual(told(new FewLabels(seed, { perClass: 4, draw }, LABELS, CLASSES)), first);
  }
});

Deno.test("a step classifies labelled examples alone, all of them before any comes again, and others at the next step", () => {
  const labels = new FewLabels(1, { perClass: 4, draw: 0 }, LABELS, CLASSES);
  const y = new Float32Array(30 * CLASSES);
  const chosen = labels.choose(0, 30, y);
  const known = told(labels);
  assert.deepEqual(new Set(chosen), new Set(known.keys()));
  const times = [...known.keys()].map((i) => chosen.filter((one) => one === i).length);
  assert.ok(times.every((count) => count === 2 || count === 3), `${times}`);
  chosen.forEach((i, row) => {
    const one = [...y.subarray(row * CLASSES, (row + 1) * CLASSES)];
    assert.deepEqual(one, [0, 1, 2].map((label) => Number(label === LABELS[i])));
  });
  const few = (step: number) => labels.choose(step, 5, new Float32Array(5 * CLASSES));
  assert.deepEqual(few(3), few(3));
  assert.notDeepEqual(few(3), few(4));
});

Deno.test("more labels of a class than it has examples are refused with the next step", () => {
  assert.throws(() => new FewLabels(1, { perClass: 31, draw: 0 }, LABELS, CLASSES), (error) => {
    assert.ok(error instanceof UserError);
    assert.match(error.message, /Cannot draw 31 labelled examples of each class: a class has fewer/);
    assert.match(error.notes.join(), /smaller objective\.labelsPerClass/);
    return true;
  });
});
