import { writeArtifact } from "../../artifacts/artifact.ts";
import { hasClasses } from "../../artifacts/dataset.ts";
import { studyPictures } from "../../artifacts/study_pictures.ts";
import { concatenated } from "../../base/arrays.ts";
import { sizeOf } from "../../base/shape.ts";
import type { StudyContext } from "../../figures/study.ts";
import { compileDecoder } from "../../inference/decoder.ts";
import { compileEncoder } from "../../inference/encoder.ts";
import type { Classifier } from "../../inference/classifier.ts";
import { samplePrior } from "../../inference/prior.ts";
import type { Encoded } from "./representations.ts";
import type { EvaluateContext, Measured } from "./subject.ts";

/** Measures what the figures of studies show, and keeps their pictures. @returns the metrics of each study, by name */
export async function measureStudies(
  subject: Measured,
  trained: Encoded,
  tested: Encoded,
  shared: Pick<StudyContext, "regions" | "product">,
  stage: EvaluateContext,
): Promise<Record<string, unknown> | undefined> {
  const { engine, vae, parameters, dataset: { info }, slice } = subject;
  const { seed, model, evaluation, inputNoise } = slice;
  const size = sizeOf(info.shape);
  const studies = slice.studies.filter((name) => hasClasses(info) || !slice.comparingClasses.includes(name));
  if (studies.length === 0) return undefined;
  const encoder = compileEncoder(engine, parameters, vae, size);
  const decoder = compileDecoder(engine, parameters, vae, info.shape);
  const likelihood = await stage.load("likelihood");
  const trainer = slice.classifies && hasClasses(info) ? await stage.load("judge/classifier") : undefined;
  let classifier: Classifier | undefined;
  const context: StudyContext = {
    seed,
    shape: info.shape,
    classes: info.classes,
    latentSize: model.latentSize,
    conditional: model.conditional ?? false,
    reference: { features: trained.features, labels: trained.labels, codes: trained.losses.mean },
    test: { features: tested.features, labels: tested.labels },
    ...shared,
    get classifier() {
      return classifier ??= trainer?.trainClassifier(engine, {
        train: trained,
        test: tested,
        shape: info.shape,
        classes: info.classes.length,
      });
    },
    samplePrior: (stream, count) => samplePrior({ engine, parameters, vae }, seed, stream, count),
    inputNoise,
    neighbours: evaluation.neighbours,
    likelihood: likelihood.exponentialFamily?.(model.likelihood, (name) => parameters.get(name)),
    encode: encoder.encode,
    decode: (codes, labels) => decoder.decode(codes, labels).values,
  };
  const all: Record<string, unknown> = {};
  for (const name of studies) {
    subject.report(0.98, `measuring ${name}`);
    const { measure } = await stage.load(`study/${name}`);
    const { metrics, pictures } = measure(context);
    all[name] = metrics;
    await writeArtifact(stage, studyPictures(name), {
      shape: [pictures.length, pictures[0]!.length / size, ...info.shape],
      data: concatenated(Float32Array, pictures),
    });
    await subject.pause();
  }
  encoder.dispose();
  decoder.dispose();
  classifier?.dispose();
  return all;
}
