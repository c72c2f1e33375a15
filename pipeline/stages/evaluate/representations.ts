import { tf } from "../../engine/tfjs.ts";
import type { Matrix } from "../../metrics/matrix.ts";
import { fitPca, pcaReconstructionError, projectOnPca } from "../../metrics/pca.ts";
import { linearProbeAccuracy, nearestNeighbourAccuracy } from "../../metrics/probe.ts";
import { batches } from "../../inference/batches.ts";
import { engineProduct } from "../../inference/engine_product.ts";
import type { EvaluationMetrics, ProbeMetrics } from "../../artifacts/metrics_json.ts";
import type { ExampleLosses } from "../../inference/example_losses.ts";
import { hasClasses } from "../../artifacts/dataset.ts";
import { labelled } from "../../inference/subject.ts";
import type { Evaluated } from "./subject.ts";

/** Examples, and what the model knows of them. */
export interface Encoded {
  readonly indices: Uint32Array;
  readonly losses: ExampleLosses;
}

/**
 * Compares the codes with PCA of as many components as z has dimensions and, where labels are probed, with the raw
 * values.
 *
 * @param trained what PCA and probes are fitted to
 */
export async function compareRepresentations(
  subject: Evaluated,
  trained: Encoded,
  test: Encoded,
): Promise<Pick<EvaluationMetrics, "squaredError" | "probe">> {
  const { dataset: { info }, slice: { evaluation } } = subject;
  const product = engineProduct(subject.engine);
  subject.report(0.75, "principal components");
  const { features: reference, labels: referenceLabels } = labelled(subject, "train", trained.indices);
  const { features: tested, labels: testLabels } = labelled(subject, "test", test.indices);
  const pca = fitPca(reference, subject.vae.latentSize, product);
  const coordinates = projectOnPca(pca, tested, product);
  const squaredError = {
    examples: tested.rows,
    vae: await reconstructionError(subject, tested, test.losses.mean),
    pca: pcaReconstructionError(pca, tested, coordinates),
    pcaExamples: reference.rows,
  };
  if (!evaluation.probe || !hasClasses(info)) return { squaredError, probe: null };

  const candidates = [
    { representation: "posterior means", reference: trained.losses.mean, test: test.losses.mean },
    { representation: "PCA", reference: projectOnPca(pca, reference, product), test: coordinates },
    { representation: "raw values", reference, test: tested },
  ];
  const rows: ProbeMetrics["rows"][number][] = [];
  for (const candidate of candidates) {
    subject.report(0.8 + 0.06 * rows.length, `probing ${candidate.representation}`);
    const fitted = { features: candidate.reference, labels: referenceLabels };
    const measured = { features: candidate.test, labels: testLabels };
    const classes = info.classes.length;
    rows.push({
      representation: candidate.representation,
      dimensions: candidate.test.columns,
      linear: linearProbeAccuracy(fitted, measured, classes, product),
      nearest: nearestNeighbourAccuracy(fitted, measured, classes, evaluation.neighbours, product),
    });
    await subject.pause();
  }
  const probe = {
    neighbours: evaluation.neighbours,
    referenceExamples: reference.rows,
    testExamples: tested.rows,
    rows,
  };
  return { squaredError, probe };
}

/** Squared error of E[x|z] at the posterior's mean, summed over dimensions, averaged over the examples. */
async function reconstructionError(
  { engine, vae, parameters, pause }: Evaluated,
  x: Matrix,
  codes: Matrix,
): Promise<number> {
  const batch = 100;
  const program = engine.compileFunction({
    parameters,
    inputs: { x: [batch, x.columns], z: [batch, codes.columns] },
    fn: ({ x, z }) => {
      const mean = vae.likelihood.mean(vae.decode(z!, x!));
      return { error: tf.sum(tf.square(tf.sub(x!, mean)), 1) };
    },
  });
  let sum = 0;
  for (const { from, to } of batches(x.rows, batch)) {
    program.inputs.x!.set(x.data.subarray(from * x.columns, to * x.columns));
    program.inputs.z!.set(codes.data.subarray(from * codes.columns, to * codes.columns));
    const { error } = program.run();
    for (let i = 0; i < to - from; i++) sum += error![i]!;
    await pause();
  }
  program.dispose();
  return sum / x.rows;
}
