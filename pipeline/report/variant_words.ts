import { plural } from "../base/words.ts";
import type { KlSpec, LearningRateSpec, Likelihood, ModelSpec, OptimiserSpec } from "../spec/schema.ts";

/** What the report calls the variants of a spec. Each sentence is to stand with the variant that it is about. */

/** `Gaussian, σ learned` */
export function likelihoodInWords(likelihood: Likelihood): string {
  if (likelihood.family === "bernoulli") return "Bernoulli";
  const { standardDeviation } = likelihood;
  return standardDeviation === "learned" ? "Gaussian, σ learned" : `Gaussian, σ = ${standardDeviation}`;
}

/** What readers must know before they compare numbers under this likelihood with published ones. */
export function likelihoodCaveat(likelihood: Likelihood, binarisation: string): string | null {
  if (likelihood.family !== "bernoulli" || binarisation !== "none") return null;
  return "Intensities between 0 and 1 enter the Bernoulli likelihood as they are. Compare these numbers only with " +
    "others measured so, not with those on binarised images.";
}

/** `linear from 0 to 1, epochs 0 to 5` */
export function klInWords(kl: KlSpec): string {
  if (kl.schedule === "constant") return `constant, ${kl.weight}`;
  const cycles = kl.schedule === "cyclical" ? `, ${plural(kl.cycles, "cycle")}` : "";
  return `${kl.schedule} from ${kl.startWeight} to ${kl.endWeight}, ${kl.unit}s ${kl.start} to ${kl.end}${cycles}`;
}

/** `Adam, β 0.9 and 0.999` */
export function optimiserInWords(optimiser: OptimiserSpec): string {
  if (optimiser.name === "sgd") return `SGD, momentum ${optimiser.momentum}`;
  const { name, beta1, beta2 } = optimiser;
  return `${name === "adam" ? "Adam" : "AdamW"}, β ${beta1} and ${beta2}`;
}

/** `cosine from 0.001 to 0, 1 epoch of warm-up` */
export function learningRateInWords(schedule: LearningRateSpec): string {
  switch (schedule.schedule) {
    case "constant":
      return String(schedule.rate);
    case "piecewise":
      return [schedule.rate, ...schedule.changes.map(({ epoch, rate }) => `${rate} from epoch ${epoch}`)]
        .join(", ");
    case "cosine": {
      const warmup = schedule.warmupEpochs > 0
        ? `, ${plural(schedule.warmupEpochs, "epoch")} of warm-up`
        : "";
      return `cosine from ${schedule.rate} to ${schedule.endRate}${warmup}`;
    }
  }
}

/** Whether the decoder reads an example besides z, each step one late. */
export function readsPast(model: ModelSpec): boolean {
  return model.architecture === "lstm" && model.decoder.autoregressive !== undefined;
}

/** How the weights of a kind of layer lie in `weights.safetensors`, by the layer's `kind` in `model.json`. */
export const WEIGHT_LAYOUTS: Readonly<Record<string, string>> = {
  "dense": "Matrices are [in, out]: a layer is x @ kernel + bias (PyTorch has kernel.T).",
  "conv": "Kernels of convolutions are [height, width, in, out] (PyTorch has kernel.transpose(3, 2, 0, 1)).",
  "transposed-conv":
    "Kernels of transposed convolutions are [height, width, out, in] (PyTorch has kernel.transpose(3, 2, 0, 1)).",
  "lstm": "The gates of an LSTM lie side by side: input, forget, candidate, output.",
};
