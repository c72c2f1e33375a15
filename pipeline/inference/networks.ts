import type * as tf from "@tensorflow/tfjs";
import { type ExportDefinition, exportOnnx } from "../engine/onnx/export.ts";
import { type Shape, sizeOf } from "../base/shape.ts";
import type { ClassPosterior } from "../vae/class_posterior.ts";
import type { Autoregression } from "../vae/architectures/architecture.ts";
import type { Vae } from "../vae/vae.ts";

/** A trained model's halves as ONNX files, by their names without the ending. */
export type Networks = Readonly<Record<string, Uint8Array<ArrayBuffer>>>;

/**
 * Both halves of the model for any ONNX runtime, with the weights inside; of an autoregressive decoder one step as
 * well, for whoever lets it read what it wrote; where the values of a step depend on each other, what makes means of the
 * decoder's output and of those that are drawn already; and what makes codes of random numbers, where the prior is not
 * N(0, I). Those of a conditional model also read `y`, the class of each row, one-hot; where a network tells classes, it
 * is one more.
 *
 * @param shape of one example
 */
export function exportNetworks(
  parameters: ExportDefinition["parameters"],
  vae: Vae,
  shape: Shape,
  classPosterior?: ClassPosterior,
): Networks {
  const { autoregression, latentSize, likelihood, prior } = vae;
  const size = sizeOf(shape), features = sizeOf(shape.slice(1));
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
        const output = vae.given(y).decode(z!, x);
        return { mean: likelihood.mean(output), ...outputOf(vae, output) };
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
    ...(likelihood.autoregression && { "decoder-row": exportRow(parameters, vae, features) }),
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
      return {
        mean: likelihood.mean(next.output),
        ...(likelihood.autoregression ? outputOf(vae, next.output) : {}),
        ...Object.fromEntries(states),
      };
    },
  });
}

/** The means of a step's values given those that are drawn before them in it. */
function exportRow(
  parameters: ExportDefinition["parameters"],
  { likelihood: { autoregression, outputName } }: Vae,
  features: number,
): Uint8Array<ArrayBuffer> {
  const { given, conditionalMean } = autoregression!;
  const row = batched(features), output = outputName ?? "output";
  return exportOnnx({
    parameters,
    inputs: { [output]: row, x: row },
    fn: (inputs) => ({ mean: conditionalMean(given(inputs[output]!, inputs.x!)) }),
  });
}

/** The decoder's output beside the mean, where it has a name of its own or means cannot be made of it alone. */
function outputOf(
  { likelihood: { outputName, autoregression } }: Vae,
  output: tf.Tensor,
): Record<string, tf.Tensor> {
  const name = outputName ?? (autoregression && "output");
  return name === undefined ? {} : { [name]: output };
}

function classesOf({ classes }: Vae): ExportDefinition["inputs"] {
  return classes > 0 ? { y: batched(classes) } : {};
}

function batched(...sides: Shape): { readonly shape: Shape; readonly batched: true } {
  return { shape: [1, ...sides], batched: true };
}
