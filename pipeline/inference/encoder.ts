import type { Engine, Parameters } from "../engine/engine.ts";
import type { Vae } from "../vae/vae.ts";
import { batches } from "./batches.ts";
import { classInput, range, tellClasses } from "./conditions.ts";

/** Examples that are encoded at once, or more; a short last batch costs as much as a whole one. */
const ENOUGH = 64;

/** An encoder run by the engine. */
export interface CompiledEncoder {
  /**
   * Any number of flat examples [n, values] -> their posterior means, [n, latent size].
   * @param labels their classes, which only a conditional model looks at
   */
  encode(examples: Float32Array, labels?: ArrayLike<number>): Float32Array;
  dispose(): void;
}

/** Compiles a model's encoder up to the means of q(z|x). @param size values in one example */
export function compileEncoder(
  engine: Engine,
  parameters: Parameters,
  vae: Vae,
  size: number,
): CompiledEncoder {
  const { latentSize, classes } = vae;
  const batch = engine.examplesAtOnce(ENOUGH, size);
  const compiled = engine.compileFunction({
    parameters,
    inputs: { x: [batch, size], ...classInput(vae, batch) },
    fn: ({ x, y }) => ({ mean: vae.given(y).encode(x!).mean }),
  });
  return {
    encode(examples, labels) {
      const count = examples.length / size;
      const means = new Float32Array(count * latentSize);
      for (const { from, to } of batches(count, batch)) {
        tellClasses(compiled.inputs.y, classes, labels, range(from, to));
        compiled.inputs.x!.fill(0).set(examples.subarray(from * size, to * size));
        const { mean } = compiled.run();
        means.set(mean!.subarray(0, (to - from) * latentSize), from * latentSize);
      }
      return means;
    },
    dispose: () => compiled.dispose(),
  };
}
