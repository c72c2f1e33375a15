import { type ExportDefinition, exportOnnx } from "../engine/onnx/export.ts";
import type { Shape } from "../base/shape.ts";
import type { Autoregression } from "../vae/architectures/architecture.ts";
import type { Vae } from "../vae/vae.ts";

/** A trained model's halves as ONNX files, by their names without the ending. */
export type Networks = Readonly<Record<string, Uint8Array<ArrayBuffer>>>;

/**
 * Both halves of the model for any ONNX runtime, with the weights inside; of an autoregressive decoder one step as
 * well, for whoever lets it read what it wrote; and what makes codes of random numbers, where the prior is not N(0, I).
 *
 * @param size values in one example
 */
export function exportNetworks(parameters: ExportDefinition["parameters"], vae: Vae, size: number): Networks {
  const { autoregression, latentSize, likelihood, prior } = vae;
  const [x, z] = [batched(size), batched(latentSize)];
  return {
    encoder: exportOnnx({ parameters, inputs: { x }, fn: ({ x }) => ({ ...vae.encode(x!) }) }),
    decoder: exportOnnx({
      parameters,
      // An autoregressive decoder also reads the example, each step one late.
      inputs: autoregression ? { z, x } : { z },
      fn: ({ z, x }) => {
        const output = vae.decode(z!, x), { outputName } = likelihood;
        return {
          mean: likelihood.mean(output),
          ...(outputName === undefined ? {} : { [outputName]: output }),
        };
      },
    }),
    ...(autoregression && { "decoder-step": exportStep(parameters, vae, autoregression) }),
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
  { latentSize, likelihood }: Vae,
  { features, state, step }: Autoregression,
): Uint8Array<ArrayBuffer> {
  return exportOnnx({
    parameters,
    inputs: {
      z: batched(latentSize),
      before: batched(features),
      ...Object.fromEntries(Object.entries(state).map(([name, shape]) => [name, batched(...shape)])),
    },
    fn({ z, before, ...given }) {
      const next = step(z!, before!, given);
      const states = Object.entries(next.state).map(([name, value]) => [`next_${name}`, value]);
      return { mean: likelihood.mean(next.output), ...Object.fromEntries(states) };
    },
  });
}

function batched(...sides: Shape): { readonly shape: Shape; readonly batched: true } {
  return { shape: [1, ...sides], batched: true };
}
