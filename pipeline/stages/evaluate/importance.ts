import {
  differenceEstimate,
  importanceWeightedBound,
  meanAndError,
  sampleCounts,
} from "../../metrics/importance.ts";
import { finiteOrNull } from "../../base/json.ts";
import { sizeOf } from "../../base/shape.ts";
import { randomStream } from "../../base/random.ts";
import { logImportanceWeights } from "../../vae/elbo.ts";
import { totalLosses } from "../../artifacts/example_losses.ts";
import type { BoundEstimate } from "../../artifacts/importance_csv.ts";
import type { ElboMetrics, EvaluationMetrics } from "../../artifacts/metrics_json.ts";
import { batches } from "../../inference/batches.ts";
import { classInput, tellClasses } from "../../inference/conditions.ts";
import {
  exampleKl,
  type ExampleLosses,
  measuredExamples,
  sampleIndices,
} from "../../inference/example_losses.ts";
import type { MeasuredBounds } from "../../kinds/kind.ts";
import { measuredPart } from "../../inference/subject.ts";
import type { Evaluated, Measured } from "./subject.ts";

/** The most samples of z that are decoded at once. */
const BATCH = 128;

/** The ELBO with one sample of z. */
export function elboMetrics(losses: ExampleLosses): ElboMetrics {
  const { reconstruction } = losses, kl = exampleKl(losses);
  const { mean: loss, standardError } = meanAndError(totalLosses({ reconstruction, kl }));
  return {
    examples: kl.length,
    samples: 1,
    loss,
    standardError: finiteOrNull(standardError),
    reconstruction: meanAndError(reconstruction).mean,
    kl: meanAndError(kl).mean,
  };
}

/**
 * The importance-weighted bounds, from some of the test examples and the ELBO of all: with one sample of z the ELBO
 * itself. The control is the ELBO of an example by all its samples, the mean of its log weights.
 */
export async function measureImportance(
  subject: Evaluated,
  losses: ExampleLosses,
): Promise<{
  readonly curve: readonly BoundEstimate[];
  readonly metrics: EvaluationMetrics["importance"];
  readonly measured: MeasuredBounds;
}> {
  const { engine, vae, parameters, dataset: { test }, slice: { seed, evaluation } } = subject;
  const { importanceSamples: samples, importanceExamples } = evaluation;
  const indices = sampleIndices(seed, "test", test.examples, importanceExamples);
  const { latentSize } = vae;
  // As many equal batches as needed, so that little is decoded in vain when the last one is cut short.
  const batch = Math.ceil(samples / Math.ceil(samples / BATCH));
  const program = engine.compileFunction({
    parameters,
    inputs: {
      x: [1, test.size],
      mean: [1, latentSize],
      logVariance: [1, latentSize],
      noise: [batch, latentSize],
      ...classInput(vae, 1),
    },
    fn: ({ x, mean, logVariance, noise, y }) => ({
      logWeights: logImportanceWeights(vae.given(y), x!, mean!, logVariance!, noise!),
    }),
  });
  const { x, mean, logVariance, noise, y } = program.inputs;
  const counts = sampleCounts(samples);
  const bounds = counts.map(() => new Float64Array(indices.length));
  const control = new Float64Array(indices.length);
  const logWeights = new Float32Array(samples);
  const allNoise = new Float32Array(samples * latentSize);
  for (const [i, index] of indices.entries()) {
    measuredExamples(measuredPart(subject, "test"), [index], x!);
    tellClasses(y, vae.classes, test.labels, [index]);
    const code = [index * latentSize, (index + 1) * latentSize] as const;
    mean!.set(losses.mean.data.subarray(...code));
    logVariance!.set(losses.logVariance.data.subarray(...code));
    randomStream(seed, "importance samples", index).fillNormal(allNoise);
    for (const { from, to } of batches(samples, batch)) {
      noise!.set(allNoise.subarray(from * latentSize, to * latentSize));
      logWeights.set(program.run().logWeights!.subarray(0, to - from), from);
    }
    counts.forEach((count, k) => bounds[k]![i] = importanceWeightedBound(logWeights, count));
    control[i] = importanceWeightedBound(logWeights, 1);
    const fraction = (i + 1) / indices.length;
    subject.report(0.1 + 0.6 * fraction, `importance-weighted likelihood ${i + 1}/${indices.length}`);
    await subject.pause();
  }
  program.dispose();
  const elbos = totalLosses({ reconstruction: losses.reconstruction, kl: exampleKl(losses) })
    .map((loss) => -loss);
  const curve = counts.map((count, k) => {
    const { mean, standardError } = differenceEstimate(elbos, indices, bounds[k]!, control);
    return { samples: count, logLikelihood: mean, standardError: finiteOrNull(standardError) };
  });
  return {
    curve,
    metrics: { ...curve.at(-1)!, examples: indices.length },
    measured: { ...curve.at(-1)!, indices, bounds: bounds.at(-1)! },
  };
}

/** Losses in bits for each dimension, where the likelihood is of the levels that the data have. */
export function bitsPerDimension(
  { vae, dataset: { info } }: Measured,
  { test, validation, train, importance }: Pick<
    EvaluationMetrics,
    "test" | "validation" | "train" | "importance"
  >,
): EvaluationMetrics["bitsPerDimension"] {
  const { levels } = vae.likelihood;
  if (levels === undefined || info.binarisation !== "none" || info.scale * (levels - 1) !== 1) {
    return undefined;
  }
  const bits = (nats: number) => nats / sizeOf(info.shape) / Math.LN2;
  return {
    test: bits(test.loss),
    ...(validation ? { validation: bits(validation.loss) } : {}),
    train: bits(train.loss),
    importance: bits(-importance.logLikelihood),
  };
}
