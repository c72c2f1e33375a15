import assert from "node:assert/strict";
import { tf } from "../../../../pipeline/engine/tfjs.ts";
import { openEngine, testEngine } from "../../engines.ts";

/** More tiles of 16 rows lie one below the other than an axis of a dispatch can have groups. */
const ROWS = 65535 * 16 + 37, TERMS = 5, COLUMNS = 5;

testEngine("webgpu", "a product has as many rows as memory holds, not as a dispatch has groups", async () => {
  const engine = await openEngine("webgpu");
  const product = engine.compileFunction({
    parameters: engine.parameters([]),
    inputs: { x: [ROWS, TERMS], w: [TERMS, COLUMNS] },
    fn: ({ x, w }) => ({ y: tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D) }),
  });
  const { x, w } = product.inputs;
  // Whole numbers, of which all sums are exact.
  x!.forEach((_, i) => x![i] = i % 1009);
  w!.forEach((_, i) => w![i] = i - 11);
  const { y } = product.run();
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      let sum = 0;
      for (let k = 0; k < TERMS; k++) sum += x![row * TERMS + k]! * w![k * COLUMNS + column]!;
      if (y![row * COLUMNS + column] !== sum) {
        assert.equal(y![row * COLUMNS + column], sum, `[${row}, ${column}]`);
      }
    }
  }
  engine.dispose();
});
