import assert from "node:assert/strict";
import { randomStream } from "../../pipeline/base/random.ts";
import { trainClassifier } from "../../pipeline/inference/classifier.ts";
import { assertNear } from "../support/assert_near.ts";
import { openEngine } from "../engine/engines.ts";

const SHAPE = [8, 8], CLASSES = 3, SIZE = 64;

/** A bright square in one of three corners, on noise. */
function examples(name: string, count: number) {
  const random = randomStream(1, name);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % CLASSES);
  const data = random.fillUniform(new Float32Array(count * SIZE)).map((value) => value * 0.6);
  labels.forEach((label, i) => {
    for (let y = 0; y < 3; y++) {
      for (let x = 0; x < 3; x++) {
        const [row, column] = [y + (label === 1 ? 5 : 0), x + (label === 2 ? 5 : 0)];
        data[i * SIZE + row * 8 + column] = 1;
      }
    }
  });
  return { features: { rows: count, columns: SIZE, data }, labels };
}

Deno.test("the classifier learns what tells classes apart, is sure of it, and is the same each time and in each engine", async () => {
  const train = examples("train", 300), test = examples("test", 60);
  const judged = [];
  for (const name of ["native", "native", "portable"] as const) {
    const engine = await openEngine(name);
    const classifier = trainClassifier(engine, { train, test, shape: SHAPE, classes: CLASSES });
    assert.equal(classifier.epochs, 30, "few examples are seen more often");
    const { probabilities, features } = classifier.classify(test.features.data);
    judged.push({
      accuracy: classifier.accuracy,
      probabilities: probabilities.data,
      features: features.data,
    });
    classifier.dispose();
    engine.dispose();
  }
  const [first, second, portable] = judged;
  assert.deepEqual(first, second);
  assertNear(first!.probabilities, portable!.probabilities, { absolute: 1e-3 });
  assert.equal(first!.accuracy, 1);
  assert.equal(first!.features.length, 60 * 64);
  for (let i = 0; i < 60; i++) {
    const row = first!.probabilities.subarray(i * CLASSES, (i + 1) * CLASSES);
    assertNear(row.reduce((sum, p) => sum + p, 0), 1, { absolute: 1e-5 });
    assert.ok(row[test.labels[i]!]! > 0.6, `example ${i}: ${row}`);
  }
});
