import { Buffer } from "node:buffer";
import { deflateSync } from "node:zlib";
import type { DatasetInfo, Part } from "../../artifacts/dataset.ts";
import type { LossTerms } from "../../artifacts/example_losses.ts";
import type { DecodedCounts, SnapshotInfo } from "../../artifacts/latents.ts";
import type { EpochMetrics, Losses } from "../../artifacts/metrics_csv.ts";
import { concatenated } from "../../base/arrays.ts";
import { randomStream } from "../../base/random.ts";
import type { Nouns } from "../../base/words.ts";
import { CLASS_COLOURS, DARK_CLASS_COLOURS } from "../../figures/drawing/theme.ts";
import type { Posteriors } from "../../metrics/latent.ts";
import { plainProduct } from "../../metrics/matrix.ts";
import { fitPca } from "../../metrics/pca.ts";
import { type PackedNetwork, packNetwork, type Unpackable } from "./pack.ts";

/** What an explorer is made of. */
export interface ExplorerSource {
  readonly seed: number;
  readonly latentSize: number;
  readonly info: DatasetInfo;
  readonly nouns: Nouns;
  readonly train: Part;
  readonly test: Part;
  /** q(z|x) of each test example. */
  readonly posterior: Posteriors;
  /** Both terms of each test example, in nats. */
  readonly losses: LossTerms;
  /** ONNX files by their names; `step` where the decoder is autoregressive, `row` where the values of a step are drawn in turn. */
  readonly networks: {
    readonly encoder: Uint8Array<ArrayBuffer>;
    readonly decoder: Uint8Array<ArrayBuffer>;
    readonly step?: Uint8Array<ArrayBuffer>;
    readonly row?: Uint8Array<ArrayBuffer>;
  };
  /** What was kept of training. */
  readonly training: {
    readonly snapshots: SnapshotInfo;
    /** [snapshots, examples, latent size] */
    readonly latents: Float32Array;
    /** [snapshots, rows, ...shape] */
    readonly decoded: Uint8Array;
    readonly rows: readonly EpochMetrics[];
  };
  /** What the kind of data tells its own part of the page. */
  readonly kind: unknown;
  /** Whether the prior is N(0, I), which is drawn as circles. */
  readonly standardNormalPrior: boolean;
}

/** What the page is given, as JSON. Arrays that are large are base64 of what `data.js` unpacks. */
export interface ExplorerData {
  readonly latentSize: number;
  readonly shape: readonly number[];
  readonly classes: readonly string[];
  readonly nouns: Nouns;
  readonly colours: { readonly light: readonly string[]; readonly dark: readonly string[] };
  /** The directions of the first two principal components, [2, latent size]; null where there are no two. */
  readonly components: readonly number[] | null;
  /** One step of it where it is autoregressive. */
  readonly decoder: PackedNetwork;
  /** How many steps are written one after the other; null where the decoder writes all at once. */
  readonly steps: number | null;
  /** Makes means of the decoder's output, where the values of a step are drawn in turn. */
  readonly row: PackedNetwork | null;
  readonly encoder: PackedNetwork | null;
  readonly test: ExampleData & {
    /** float16 [examples, 2, latent size]: mean and log variance. */
    readonly posterior: string;
    /** Reconstruction and KL, nats: [examples, 2]. */
    readonly losses: readonly number[];
  };
  readonly train: ExampleData;
  readonly training: TrainingData | null;
  readonly kind: unknown;
  /** Whether the prior is N(0, I). */
  readonly standardNormalPrior: boolean;
}

/** Training as it went: what was kept of it, at the epochs of its snapshots. */
interface TrainingData {
  readonly epochs: readonly number[];
  readonly counts: DecodedCounts;
  /** float16 [snapshots, examples, latent size], of the test examples in the page. */
  readonly latents: string;
  /** uint8 [reconstructions + snapshots * rows, ...shape]: the examples as they are, then what was decoded; deflated. */
  readonly pictures: string;
  /** Losses by epoch, nats; null where nothing was measured. */
  readonly losses: readonly {
    readonly epoch: number;
    readonly train: number | null;
    readonly test: number | null;
    readonly validation: number | null;
  }[];
}

/** Some examples of a part. */
interface ExampleData {
  /** Their numbers in the part. */
  readonly indices: readonly number[];
  readonly labels: readonly number[];
  /** How many the part has. */
  readonly of: number;
  /** uint8 [examples, ...shape], deflated. */
  readonly pixels: string;
  /** Times this in [0, 1]. */
  readonly scale: number;
}

/** The most examples of a part in a page, and the bytes that their deflated pictures may take. */
const [EXAMPLES, PICTURE_BYTES] = [1500, 600_000];
/** The most weights of a page's networks: 2 bytes each, and a third more as text. */
const MOST_WEIGHTS = 8_000_000;

/** What the page needs to run the model by itself, or why it cannot. */
export function explorerData(source: ExplorerSource): ExplorerData | Unpackable {
  const { latentSize, info, nouns, networks, posterior: { mean, logVariance }, losses } = source;
  // Means that a row makes of what was drawn are nothing to what comes before it.
  const isWanted = (output: string) => !networks.row || output !== "mean";
  const decoder = networks.step
    ? packNetwork(networks.step, "decoder-step.onnx", MOST_WEIGHTS, isWanted)
    : packNetwork(networks.decoder, "decoder.onnx", MOST_WEIGHTS, isWanted);
  if ("reason" in decoder) return decoder;
  const row = networks.row ? packNetwork(networks.row, "decoder-row.onnx", MOST_WEIGHTS) : null;
  if (row && "reason" in row) return row;
  const encoder = packNetwork(networks.encoder, "encoder.onnx", MOST_WEIGHTS - decoder.count);
  const test = exampleData(source.seed, "test", source.test);
  const rows = (matrix: Posteriors["mean"], index: number) =>
    matrix.data.subarray(index * latentSize, (index + 1) * latentSize);
  const posterior = test.indices.flatMap((index) => [...rows(mean, index), ...rows(logVariance, index)]);
  return {
    latentSize,
    shape: info.shape,
    classes: info.classes,
    nouns,
    colours: { light: CLASS_COLOURS, dark: DARK_CLASS_COLOURS },
    components: latentSize > 2 && mean.rows > 2
      ? Array.from(fitPca(mean, 2, plainProduct).components.data, (x) => Number(x.toFixed(6)))
      : null,
    decoder,
    steps: networks.step || networks.row ? info.shape[0]! : null,
    row,
    encoder: "reason" in encoder ? null : encoder,
    test: {
      ...test,
      posterior: Buffer.from(Float16Array.from(posterior).buffer).toString("base64"),
      losses: test.indices.flatMap((index) =>
        [losses.reconstruction[index]!, losses.kl[index]!].map((x) => Number(x.toFixed(2)))
      ),
    },
    train: exampleData(source.seed, "train", source.train),
    training: trainingData(source, test.indices),
    kind: source.kind,
    standardNormalPrior: source.standardNormalPrior,
  };
}

/** What was kept of training, where that is more than its end and its pictures fit. */
function trainingData(
  {
    training: { snapshots: { epochs, examples, decoded: counts }, latents, decoded, rows },
    test,
    latentSize,
  }: ExplorerSource,
  shown: readonly number[],
): TrainingData | null {
  const positions = new Map(examples.map((index, position) => [index, position]));
  if (epochs.length < 2 || !shown.every((index) => positions.has(index))) return null;
  const codes = epochs.flatMap((_, snapshot) =>
    shown.flatMap((index) => {
      const from = (snapshot * examples.length + positions.get(index)!) * latentSize;
      return Array.from(latents.subarray(from, from + latentSize));
    })
  );
  const originals = examples.slice(0, counts.reconstructions).map((index) =>
    // As bytes of what is shown, whatever a stored number stands for.
    Uint8Array.from(
      test.images.subarray(index * test.size, (index + 1) * test.size),
      (value) => Math.round(255 * value * test.scale),
    )
  );
  const pictures = deflateSync(concatenated(Uint8Array, [...originals, decoded]));
  if (pictures.length > 2 * PICTURE_BYTES) return null;
  const loss = (losses: Losses | undefined) => losses === undefined ? null : Number(losses.loss.toFixed(3));
  return {
    epochs,
    counts,
    latents: deflateSync(new Uint8Array(Float16Array.from(codes).buffer)).toString("base64"),
    pictures: pictures.toString("base64"),
    losses: rows.map(({ epoch, train, test, validation }) => ({
      epoch,
      train: loss(train),
      test: loss(test),
      validation: loss(validation),
    })),
  };
}

/** Draws as many examples as fit, by the seed. */
function exampleData(
  seed: number,
  name: string,
  { images, labels, examples, size, scale }: Part,
): ExampleData {
  const order = randomStream(seed, `${name} examples of the explorer`).permutation(examples);
  const areBytes = images instanceof Uint8Array;
  const take = (count: number) => {
    const indices = order.slice(0, count).sort();
    const pixels = new Uint8Array(count * size);
    indices.forEach((index, i) => {
      const values = images.subarray(index * size, (index + 1) * size);
      // What is finer than a byte is shown as one.
      pixels.set(areBytes ? values : values.map((value) => Math.round(value * scale * 255)), i * size);
    });
    return { indices, deflated: deflateSync(pixels) };
  };
  // What can be taken of large pictures is found with few of them.
  const tried = Math.min(examples, EXAMPLES, 50);
  const each = take(tried).deflated.length / tried;
  const { indices, deflated } = take(Math.min(examples, EXAMPLES, Math.ceil(PICTURE_BYTES / each)));
  return {
    indices: Array.from(indices),
    labels: Array.from(indices, (index) => labels[index]!),
    of: examples,
    pixels: deflated.toString("base64"),
    scale: areBytes ? scale : 1 / 255,
  };
}
