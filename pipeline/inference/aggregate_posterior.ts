import { randomStream } from "../base/random.ts";
import { batches } from "./batches.ts";
import { classInput, tellClasses } from "./conditions.ts";
import { measuredExamples, type MeasuredPart } from "./example_losses.ts";
import type { TrainedModel } from "./trained.ts";

/** Codes of examples that were drawn at random. */
export interface ExampleCodes {
  /** [count, latent size] */
  readonly codes: Float32Array;
  /** The class of the example that each is of, where the part has labels. */
  readonly labels: Uint32Array | undefined;
}

/** Codes that are drawn at once, or more. */
const ENOUGH = 64;

/**
 * Draws codes from the aggregate posterior, the mean of q(z|x) over the examples of a part (Hoffman and Johnson, 2016):
 * from the stream of the part's seed with this name. Where they lie apart from the prior, so do the codes that the decoder has learnt to read.
 */
export function sampleAggregatePosterior(
  { engine, parameters, vae }: Pick<TrainedModel, "engine" | "parameters" | "vae">,
  source: MeasuredPart,
  stream: string,
  count: number,
): ExampleCodes {
  const { latentSize, classes } = vae, { seed, part: { size, examples, labels } } = source;
  const choice = randomStream(seed, `${stream}, examples`);
  const indices = Uint32Array.from({ length: count }, () => choice.integer(examples));
  const normal = randomStream(seed, stream).fillNormal(new Float32Array(count * latentSize));
  const atOnce = engine.examplesAtOnce(ENOUGH, size);
  const program = engine.compileFunction({
    parameters,
    inputs: { x: [atOnce, size], ...classInput(vae, atOnce) },
    fn: ({ x, y }) => ({ ...vae.given(y).encode(x!) }),
  });
  const codes = new Float32Array(count * latentSize);
  for (const { from, to } of batches(count, atOnce)) {
    tellClasses(program.inputs.y, classes, labels, indices.subarray(from, to));
    measuredExamples(source, indices.subarray(from, to), program.inputs.x!.subarray(0, (to - from) * size));
    const { mean, logVariance } = program.run();
    for (let i = 0, at = from * latentSize; at < to * latentSize; i++, at++) {
      codes[at] = mean![i]! + Math.exp(logVariance![i]! / 2) * normal[at]!;
    }
  }
  program.dispose();
  return { codes, labels: labels && indices.map((index) => labels[index]!) };
}
