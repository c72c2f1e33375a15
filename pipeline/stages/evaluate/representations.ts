import { type MatrixProduct, rowsOf } from "../../metrics/matrix.ts";
import { fitPca, pcaReconstructionError, projectOnPca } from "../../metrics/pca.ts";
import { type Labelled, linearProbeAccuracy, nearestNeighbourAccuracy } from "../../metrics/probe.ts";
import { batches } from "../../inference/batches.ts";
import { compileDecoder } from "../../inference/decoder.ts";
import type { EvaluationMetrics, ProbeMetrics } from "../../artifacts/metrics_json.ts";
import type { ExampleLosses } from "../../inference/example_losses.ts";
import { hasClasses } from "../../artifacts/dataset.ts";
import type { Measured } from "./subject.ts";

/** Reconstructions that are kept at once. */
const DECODED = 640;

/** Examples with their labels, and what the model knows of them. */
export interface Encoded extends Labelled {
  readonly losses: ExampleLosses;
}

/**
 * Compares the codes with PCA of as many components as z has dimensions and, where labels are probed, with the raw
 * values.
 *
 * @param trained what PCA and probes are fitted to
 */
export async function compareRepresentations(
  subject: Measured,
  trained: Encoded,
  test: Encoded,
  product: MatrixProduct,
): Promise<Pick<EvaluationMetrics, "squaredError" | "probe">> {
  const { dataset: { info }, slice: { evaluation } } = subject;
  subject.report(0.75, "principal components");
  const { features: reference, labels: referenceLabels } = trained;
  const { features: tested, labels: testLabels } = test;
  const pca = fitPca(reference, subject.vae.latentSize, product);
  const coordinates = projectOnPca(pca, tested, product);
  const squaredError = {
    examples: tested.rows,
    vae: await reconstructionError(subject, test),
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

/**
 * Squared error of what the decoder makes of the posterior's mean, summed over dimensions, averaged over the examples.
 * A decoder that reads its own steps reads what it wrote: given the true ones, it would need no code.
 */
async function reconstructionError(
  { engine, vae, parameters, dataset: { info }, pause }: Measured,
  { features: x, labels, losses: { mean: codes } }: Encoded,
): Promise<number> {
  const decoder = compileDecoder(engine, parameters, vae, info.shape);
  let sum = 0;
  for (const { from, to } of batches(x.rows, DECODED)) {
    const { values } = decoder.decode(rowsOf(codes, from, to).data, labels.subarray(from, to));
    rowsOf(x, from, to).data.forEach((value, i) => sum += (value - values[i]!) ** 2);
    await pause();
  }
  decoder.dispose();
  return sum / x.rows;
}
