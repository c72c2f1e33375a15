import assert from "node:assert/strict";
import { randomStream } from "../../../pipeline/base/random.ts";
import { GpuThread } from "../../../pipeline/engine/webgpu/device/thread.ts";
import { GpuEngine } from "../../../pipeline/engine/webgpu/engine.ts";
import { HARDWARE, type Profile, SOFTWARE } from "../../../pipeline/engine/webgpu/profile.ts";
import { tf } from "../../../pipeline/engine/tfjs.ts";
import { testEngine } from "../engines.ts";

let thread: GpuThread | undefined;

/** An engine on the GPU that makes kernels for another. */
async function engineFor(profile: Profile): Promise<GpuEngine> {
  await tf.setBackend("cpu");
  return new GpuEngine(thread ??= await GpuThread.start(), profile);
}

/** Kernels of each kind, most of which need nothing of each other. */
async function compute(profile: Profile): Promise<Readonly<Record<string, Float32Array>>> {
  const engine = await engineFor(profile);
  const compiled = engine.compileFunction({
    parameters: engine.parameters([]),
    inputs: { x: [70, 90], w: [90, 33], b: [33] },
    fn({ x, w, b }) {
      const hidden = tf.tanh(tf.add(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D), b!));
      return {
        hidden,
        rows: tf.sum(tf.square(x!), 1),
        columns: tf.sum(hidden, 0),
        largest: tf.max(x!, 1),
        place: tf.argMax(w!, 1),
        shifted: tf.sub(x!, 1),
        all: tf.mean(hidden),
      };
    },
  });
  for (const [name, input] of Object.entries(compiled.inputs)) randomStream(3, name).fillNormal(input);
  const results = compiled.run();
  engine.dispose();
  return results;
}

testEngine("webgpu", "kernels that share a dispatch compute the same bytes as alone", async () => {
  assert.deepEqual(await compute({ ...SOFTWARE, kernelsAtOnce: 8 }), await compute(SOFTWARE));
});

testEngine(
  "webgpu",
  "kernels that are made for a GPU compute what small ones do, up to rounding",
  async () => {
    const [large, small] = [await compute(HARDWARE), await compute(SOFTWARE)];
    for (const [name, values] of Object.entries(small)) {
      values.forEach((value, i) =>
        assert.ok(Math.abs(large[name]![i]! - value) < 1e-4 * Math.max(1, Math.abs(value)), `${name}[${i}]`)
      );
    }
  },
);

for (const tile of [...HARDWARE.tiles, ...SOFTWARE.tiles]) {
  const { grid, slices, tall, wide } = tile;
  const named = `tiles of ${grid * tall} x ${grid * wide} in ${slices} slices`;
  testEngine("webgpu", `products of odd sides are whole in ${named}`, async () => {
    const rows = grid * tall + 3, columns = grid * wide + 5, terms = 150;
    const engine = await engineFor({ ...HARDWARE, width: grid * grid * slices, tiles: [tile] });
    const compiled = engine.compileFunction({
      parameters: engine.parameters([]),
      inputs: { a: [terms, rows], b: [columns, terms] },
      fn: ({ a, b }) => ({ y: tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D, true, true) }),
    });
    const { a, b } = compiled.inputs;
    for (const [name, input] of Object.entries(compiled.inputs)) randomStream(2, name).fillNormal(input);
    const { y } = compiled.run();
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        let sum = 0;
        for (let term = 0; term < terms; term++) sum += a![term * rows + row]! * b![column * terms + term]!;
        assert.ok(Math.abs(y![row * columns + column]! - sum) < 1e-4, `row ${row}, column ${column}`);
      }
    }
    engine.dispose();
  });
}
