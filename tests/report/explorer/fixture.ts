import type { DatasetInfo, Part } from "../../../pipeline/artifacts/dataset.ts";
import { concatenated } from "../../../pipeline/base/arrays.ts";
import { randomStream } from "../../../pipeline/base/random.ts";
import { exportOnnx } from "../../../pipeline/engine/onnx/export.ts";
import { tf } from "../../../pipeline/engine/tfjs.ts";
import type { ExplorerSource } from "../../../pipeline/report/explorer/explorer.ts";
import { openEngine } from "../../engine/engines.ts";

// deno-lint-ignore no-explicit-any -- ranks differ
type T = any;

/**
 * A model that was never trained, whose answers are known: the decoder draws a Gaussian spot at the place that z
 * says, and the encoder finds the mean of an example's places. Examples are such spots.
 */
export async function spotExplorer(
  { height, width, channels = 1, latentSize = 2 }: {
    height: number;
    width: number;
    channels?: number;
    latentSize?: number;
  },
): Promise<ExplorerSource> {
  const size = height * width * channels;
  const at = (axis: number) => (_: unknown, i: number) => {
    const pixel = Math.floor(i / channels);
    return axis === 0 ? pixel % width - (width - 1) / 2 : (height - 1) / 2 - Math.floor(pixel / width);
  };
  const [x, y] = [0, 1].map((axis) => tf.tensor2d(Array.from({ length: size }, at(axis)), [1, size])) as [
    T,
    T,
  ];
  // z in units of an eighth of the picture.
  const [dx, dy] = [width / 8, height / 8];
  const spot = (z: T) => {
    const [p, q] = [0, 1].map((axis) => tf.mul(tf.slice(z, [0, axis], [-1, 1]), [dx, dy][axis]!));
    const distance = tf.add(tf.square(tf.sub(x, p!)), tf.square(tf.sub(y, q!)));
    return tf.exp(tf.mul(distance, -1 / (dx * dy)));
  };
  const codes = randomStream(1, "codes").fillNormal(new Float32Array(40 * latentSize));
  const examples = tf.tidy(() => spot(tf.tensor2d(codes, [40, latentSize])).dataSync()) as Float32Array;
  const part: Part = {
    images: Uint8Array.from(examples, (value) => Math.round(255 * value)),
    labels: Uint8Array.from({ length: 40 }, (_, i) => i % 3),
    examples: 40,
    size,
    scale: 1 / 255,
  };
  const engine = await openEngine("portable");
  const parameters = engine.parameters([]);
  const encoder = exportOnnx({
    parameters,
    inputs: { x: { shape: [1, size], batched: true } },
    fn: (given) => {
      const image = given.x as T;
      const mass = tf.sum(image, 1, true);
      const mean = (places: T, unit: number) =>
        tf.div(tf.div(tf.sum(tf.mul(image, places), 1, true), mass), unit);
      const others = Array.from({ length: latentSize - 2 }, () => tf.mul(mass, 0));
      const all = tf.concat([mean(x, dx), mean(y, dy), ...others], 1);
      return { mean: all, logVariance: tf.sub(tf.mul(all, 0), 3) };
    },
  });
  const decoder = exportOnnx({
    parameters,
    inputs: { z: { shape: [1, latentSize], batched: true } },
    fn: ({ z }) => ({ mean: spot(z) }),
  });
  engine.dispose();
  return {
    seed: 1,
    latentSize,
    info: {
      shape: channels === 1 ? [height, width] : [height, width, channels],
      classes: ["left", "right", "<b>"],
    } as unknown as DatasetInfo,
    nouns: { one: "spot", many: "spots" },
    train: part,
    test: part,
    posterior: {
      mean: { rows: 40, columns: latentSize, data: codes },
      logVariance: { rows: 40, columns: latentSize, data: new Float32Array(codes.length).fill(-3) },
    },
    losses: {
      reconstruction: Float32Array.from({ length: 40 }, (_, i) => 100 + i),
      kl: new Float32Array(40).fill(2.5),
    },
    networks: { encoder, decoder },
    training: trainingOf(
      codes,
      latentSize,
      (z) => tf.tidy(() => spot(tf.tensor(z.slice(), [7, latentSize])).dataSync()),
    ),
    kind: null,
    standardNormalPrior: true,
  };
}

/** A training that moves all examples from the middle to where they belong, in three snapshots. */
function trainingOf(
  codes: Float32Array,
  latentSize: number,
  decode: (z: Float32Array) => ArrayLike<number>,
): ExplorerSource["training"] {
  const shares = [0, 0.5, 1];
  const moved = shares.map((share) => codes.map((value) => share * value));
  const bytes = (z: Float32Array) => Uint8Array.from(decode(z), (value) => Math.round(255 * value));
  const first = (z: Float32Array) => z.subarray(0, 7 * latentSize);
  return {
    snapshots: {
      epochs: [0, 2, 4],
      examples: Array.from({ length: 40 }, (_, i) => i),
      decoded: { samples: 7, reconstructions: 7, side: 0 },
    },
    latents: concatenated(Float32Array, moved),
    decoded: concatenated(Uint8Array, moved.flatMap((z) => [bytes(first(codes)), bytes(first(z))])),
    rows: Array.from({ length: 5 }, (_, epoch) => ({
      epoch,
      step: epoch,
      learningRate: 0.1,
      klWeight: 1,
      train: epoch === 0 ? undefined : { loss: 100 / epoch, reconstruction: 0, kl: 0, objective: 0 },
      test: { loss: 110 / (epoch + 1), reconstruction: 0, kl: 0, objective: 0 },
      validation: undefined,
    })),
  };
}
