import {
  differenceEstimate,
  importanceWeightedBound,
  meanAndError,
  sampleCounts,
} from "../../metrics/importance.ts";
import { finiteOrNull } from "../../base/json.ts";
import { sizeOf } from "../../base/shape.ts";
import { randomStream } from "../../base/random.ts";
import type { tf } from "../../engine/tfjs.ts";
import { logImportanceWeights } from "../../vae/elbo.ts";
import { repeatRows } from "../../vae/repeat_rows.ts";
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

/** Samples of z that are decoded at once, or more. */
const ENOUGH = 128;

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
  const part = measuredPart(subject, "test");
  const atOnce = engine.examplesAtOnce(ENOUGH, test.size);
  // As many equal batches as needed, so that little is decoded in vain when the last one is cut short.
  const batch = Math.ceil(samples / Math.ceil(samples / atOnce));
  // Where calls are dear a few large ones are made of several examples.
  const together = Math.min(indices.length, Math.max(1, Math.floor(atOnce / Math.max(ENOUGH, batch))));
  const forEach = (of: tf.Tensor) => together === 1 ? of : repeatRows(of, batch);
  const program = engine.compileFunction({
    parameters,
    inputs: {
      x: [together, test.size],
      mean: [together, latentSize],
      logVariance: [together, latentSize],
      noise: [together * batch, latentSize],
      ...classInput(vae, together),
    },
    fn: ({ x, mean, logVariance, noise, y }) => ({
      logWeights: logImportanceWeights(
        vae.given(y && forEach(y)),
        forEach(x!),
        forEach(mean!),
        forEach(logVariance!),
        noise!,
      ),
    }),
  });
  const { x, mean, logVariance, noise, y } = program.inputs;
  const counts = sampleCounts(samples);
  const bounds = counts.map(() => new Float64Array(indices.length));
  const control = new Float64Array(indices.length);
  const logWeights = Array.from({ length: together }, () => new Float32Array(samples));
  const allNoise = logWeights.map(() => new Float32Array(samples * latentSize));
  for (const { from: first, to: last } of batches(indices.length, together)) {
    const group = indices.subarray(first, last);
    measuredExamples(part, group, x!.subarray(0, group.length * test.size));
    tellClasses(y, vae.classes, test.labels, group);
    for (const [i, index] of group.entries()) {
      const code = [index * latentSize, (index + 1) * latentSize] as const;
      mean!.set(losses.mean.data.subarray(...code), i * latentSize);
      logVariance!.set(losses.logVariance.data.subarray(...code), i * latentSize);
      randomStream(seed, "importance samples", index).fillNormal(allNoise[i]!);
    }
    for (const { from, to } of batches(samples, batch)) {
      for (const i of group.keys()) {
        noise!.set(allNoise[i]!.subarray(from * latentSize, to * latentSize), i * batch * latentSize);
      }
      const found = program.run().logWeights!;
      for (const i of group.keys()) {
        logWeights[i]!.set(found.subarray(i * batch, i * batch + to - from), from);
      }
    }
    for (const i of group.keys()) {
      counts.forEach((count, k) => bounds[k]![first + i] = importanceWeightedBound(logWeights[i]!, count));
      control[first + i] = importanceWeightedBound(logWeights[i]!, 1);
    }
    subject.report(
      0.1 + 0.6 * last / indices.length,
      `importance-weighted likelihood ${last}/${indices.length}`,
    );
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
