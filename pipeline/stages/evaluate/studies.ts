import { encodeNpy } from "../../formats/npy.ts";
import { classRegion } from "../../metrics/class_region.ts";
import { compileDecoder } from "../../inference/decoder.ts";
import { compileEncoder } from "../../inference/encoder.ts";
import { engineProduct } from "../../inference/engine_product.ts";
import { allIndices } from "../../inference/example_losses.ts";
import { STUDY, type StudyMetrics } from "../studies/studies.ts";
import type { Encoded } from "./representations.ts";
import { labelled } from "../../inference/subject.ts";
import type { Evaluated } from "./subject.ts";

/** Measures what the figures of studies show, and keeps their pictures. */
export async function measureStudies(
  subject: Evaluated,
  { indices, losses }: Encoded,
  output: (path: string) => string,
): Promise<StudyMetrics | undefined> {
  const { engine, vae, parameters, dataset: { info, test }, slice } = subject;
  const { seed, model, evaluation, inputNoise, studies } = slice;
  if (studies.length === 0) return undefined;
  const encoder = compileEncoder(engine, parameters, vae, test.size);
  const decoder = compileDecoder(engine, parameters, vae, info.shape);
  const reference = labelled(subject, "train", indices);
  const context = {
    seed,
    shape: info.shape,
    classes: info.classes,
    latentSize: model.latentSize,
    reference: { ...reference, codes: losses.mean },
    test: labelled(subject, "test", allIndices(test.examples)),
    regions: info.classes.map((_, label) => classRegion(losses, reference.labels, label)),
    inputNoise,
    neighbours: evaluation.neighbours,
    product: engineProduct(engine),
    encode: encoder.encode,
    decode: (codes: Float32Array) => decoder.decode(codes).values,
  };
  const all: Record<string, unknown> = {};
  for (const name of studies) {
    subject.report(0.98, `measuring ${name}`);
    const { metrics, pictures } = STUDY[name](context);
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
  return all as StudyMetrics;
}
