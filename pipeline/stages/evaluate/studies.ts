import type { StudyContext } from "../../figures/study.ts";
import { encodeNpy } from "../../formats/npy.ts";
import { classRegion } from "../../metrics/class_region.ts";
import { compileDecoder } from "../../inference/decoder.ts";
import { compileEncoder } from "../../inference/encoder.ts";
import { engineProduct } from "../../inference/engine_product.ts";
import { allIndices } from "../../inference/example_losses.ts";
import type { Encoded } from "./representations.ts";
import { labelled } from "../../inference/subject.ts";
import type { EvaluateContext, Evaluated } from "./subject.ts";

/** Measures what the figures of studies show, and keeps their pictures. @returns the metrics of each study, by name */
export async function measureStudies(
  subject: Evaluated,
  { indices, losses }: Encoded,
  { load, output }: EvaluateContext,
): Promise<Record<string, unknown> | undefined> {
  const { engine, vae, parameters, dataset: { info, test }, slice } = subject;
  const { seed, model, evaluation, inputNoise, studies } = slice;
  if (studies.length === 0) return undefined;
  const encoder = compileEncoder(engine, parameters, vae, test.size);
  const decoder = compileDecoder(engine, parameters, vae, info.shape);
  const likelihood = await load("likelihood");
  const reference = labelled(subject, "train", indices);
  const context: StudyContext = {
    seed,
    shape: info.shape,
    classes: info.classes,
    latentSize: model.latentSize,
    reference: { ...reference, codes: losses.mean },
    test: labelled(subject, "test", allIndices(test.examples)),
    regions: info.classes.map((_, label) => classRegion(losses, reference.labels, label)),
    inputNoise,
    neighbours: evaluation.neighbours,
    likelihood: likelihood.exponentialFamily(model.likelihood, (name) => parameters.get(name)),
    product: engineProduct(engine),
    encode: encoder.encode,
    decode: (codes: Float32Array) => decoder.decode(codes).values,
  };
  const all: Record<string, unknown> = {};
  for (const name of studies) {
    subject.report(0.98, `measuring ${name}`);
    const { measure } = await load(`study/${name}`);
    const { metrics, pictures } = measure(context);
    all[name] = metrics;
    const [first] = pictures;
    const columns = first!.length / test.size;
    const data = new Float32Array(pictures.length * first!.length);
    pictures.forEach((row, i) => data.set(row, i * row.length));
    await Deno.writeFile(
      output(`${name}.npy`),
      encodeNpy({ shape: [pictures.length, columns, ...info.shape], data }),
    );
    await subject.pause();
  }
  encoder.dispose();
  decoder.dispose();
  return all;
}
