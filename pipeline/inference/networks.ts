import { type ExportDefinition, exportOnnx } from "../engine/onnx/export.ts";
import type { Shape } from "../base/shape.ts";
import type { ClassPosterior } from "../vae/class_posterior.ts";
import type { Autoregression } from "../vae/architectures/architecture.ts";
import type { Vae } from "../vae/vae.ts";

/** A trained model's halves as ONNX files, by their names without the ending. */
export type Networks = Readonly<Record<string, Uint8Array<ArrayBuffer>>>;

/**
 * Both halves of the model for any ONNX runtime, with the weights inside; of an autoregressive decoder one step as
 * well, for whoever lets it read what it wrote; and what makes codes of random numbers, where the prior is not N(0, I).
 * Those of a conditional model also read `y`, the class of each row, one-hot; where a network tells classes, it is one
 * more.
 *
 * @param size values in one example
 */
export function exportNetworks(
  parameters: ExportDefinition["parameters"],
  vae: Vae,
  size: number,
  classPosterior?: ClassPosterior,
): Networks {
  const { autoregression, latentSize, likelihood, prior } = vae;
  const [x, z] = [batched(size), batched(latentSize)];
  const told = classesOf(vae);
  return {
    encoder: exportOnnx({
      parameters,
      inputs: { x, ...told },
      fn: ({ x, y }) => ({ ...vae.given(y).encode(x!) }),
    }),
    decoder: exportOnnx({
      parameters,
      // An autoregressive decoder also reads the example, each step one late.
      inputs: { z, ...(autoregression ? { x } : {}), ...told },
      fn: ({ z, x, y }) => {
        const output = vae.given(y).decode(z!, x), { outputName } = likelihood;
        return {
          mean: likelihood.mean(output),
          ...(outputName === undefined ? {} : { [outputName]: output }),
        };
      },
    }),
    ...(autoregression && { "decoder-step": exportStep(parameters, vae, autoregression) }),
    ...(classPosterior && {
      classifier: exportOnnx({
        parameters,
        inputs: { x },
        fn: ({ x }) => ({ logProbabilities: classPosterior.logProbabilities(x!) }),
      }),
    }),
    ...(!prior.isStandardNormal && {
      prior: exportOnnx({
        parameters,
        inputs: { noise: z, choice: batched(1) },
        fn: ({ noise, choice }) => ({ z: prior.sample(noise!, choice!) }),
      }),
    }),
  };
}

function exportStep(
  parameters: ExportDefinition["parameters"],
  vae: Vae,
  { features, state }: Autoregression,
): Uint8Array<ArrayBuffer> {
  const { latentSize, likelihood } = vae;
  return exportOnnx({
    parameters,
    inputs: {
      z: batched(latentSize),
      before: batched(features),
      ...classesOf(vae),
      ...Object.fromEntries(Object.entries(state).map(([name, shape]) => [name, batched(...shape)])),
    },
    fn({ z, before, y, ...kept }) {
      const next = vae.given(y).autoregression!.step(z!, before!, kept);
      const states = Object.entries(next.state).map(([name, value]) => [`next_${name}`, value]);
      return { mean: likelihood.mean(next.output), ...Object.fromEntries(states) };
    },
  });
}

function classesOf({ classes }: Vae): ExportDefinition["inputs"] {
  return classes > 0 ? { y: batched(classes) } : {};
}

function batched(...sides: Shape): { readonly shape: Shape; readonly batched: true } {
  return { shape: [1, ...sides], batched: true };
}
