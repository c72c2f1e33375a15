import { sampleRegion } from "../../metrics/class_region.ts";
import { randomStream } from "../../base/random.ts";
import { recognised } from "../measuring/examples.ts";
import type { StudyContext, StudyResult } from "../study.ts";

/** How images are recognised that are decoded from where a class's training posteriors lie in latent space. */
export interface ClassSamplesMetrics {
  readonly perClass: number;
  /** For each class that there is, the share that k-NN takes for the class that was asked for. */
  readonly recognised: readonly number[];
}

/** Images of each class that are judged: a share is known to about five percent. */
const MEASURED_PER_CLASS = 100;
/** Images of each class in the figure. */
const SHOWN_PER_CLASS = 10;

/**
 * Decodes samples of the Gaussian that has the moments of each class's training posteriors, and has k-NN judge them. A
 * conditional model is told the class, and the samples are of its prior.
 */
export function measure(context: StudyContext): StudyResult<ClassSamplesMetrics> {
  const { seed, latentSize, regions, conditional } = context;
  const present = regions.flatMap((region, label) => region ? [{ region, label }] : []);
  const samples = present.map(({ region, label }) => {
    const noise = randomStream(seed, "class samples", label).fillNormal(
      new Float32Array(MEASURED_PER_CLASS * latentSize),
    );
    const labels = new Uint32Array(MEASURED_PER_CLASS).fill(label);
    return context.decode(conditional ? noise : sampleRegion(region, noise), labels);
  });
  return {
    metrics: {
      perClass: MEASURED_PER_CLASS,
      recognised: present.map(({ label }, i) =>
        recognised(context, samples[i]!, new Uint8Array(MEASURED_PER_CLASS).fill(label))
      ),
    },
    pictures: samples.map((images) =>
      images.subarray(0, images.length / MEASURED_PER_CLASS * SHOWN_PER_CLASS)
    ),
  };
}
