import { type Dataset, readDataset } from "../datasets/dataset.ts";
import type { Engine, Parameters } from "../engine/engine.ts";
import { openEngine } from "../engine/open.ts";
import { tf } from "../engine/tfjs.ts";
import { type CsvValue, encodeCsv } from "../formats/csv.ts";
import { encodeNpy } from "../formats/npy.ts";
import { decodeSafetensors } from "../formats/safetensors.ts";
import type { StageContext } from "../graph/stage.ts";
import { classRegion } from "../metrics/class_region.ts";
import {
  differenceEstimate,
  importanceWeightedBound,
  meanAndError,
  sampleCounts,
} from "../metrics/importance.ts";
import {
  klPerDimension,
  klPerExample,
  momentMatchedKl,
  mutualInformation,
  varianceOfMeans,
} from "../metrics/latent.ts";
import type { Matrix } from "../metrics/matrix.ts";
import { fitPca, pcaReconstructionError, projectOnPca } from "../metrics/pca.ts";
import { type Labelled, linearProbeAccuracy, nearestNeighbourAccuracy } from "../metrics/probe.ts";
import { randomStream } from "../random.ts";
import type { EvaluationSpec, GenerationSpec, ModelSpec, StudyName } from "../spec/schema.ts";
import { expectedValue, logImportanceWeights } from "../vae/elbo.ts";
import { createVae, type Vae } from "../vae/vae.ts";
import { compileDecoder } from "./decoder.ts";
import { compileEncoder } from "./encoder.ts";
import { engineProduct } from "./engine_product.ts";
import type { ElboMetrics, EvaluationMetrics, MusicMetrics, ProbeMetrics } from "./evaluation_metrics.ts";
import {
  allIndices,
  type ExampleLosses,
  LossMeter,
  measuredExamples,
  type MeasuredPart,
  sampleIndices,
} from "./example_losses.ts";
import { measureMusic } from "./evaluate_music.ts";
import { pauseWithin } from "./pause.ts";
import { STUDY, type StudyMetrics } from "./studies/studies.ts";

export interface EvaluateSlice {
  readonly seed: number;
  readonly model: ModelSpec;
  readonly evaluation: EvaluationSpec;
  /** Of music alone. */
  readonly generation?: GenerationSpec;
  /** Of images alone. */
  readonly studies: readonly StudyName[];
  readonly inputNoise?: number;
}

/** Training examples that losses are compared on, PCA and probes are fitted to, and neighbours are found among. */
const REFERENCE_EXAMPLES = 10_000;
/** As many values as these examples may have together: a quarter of a gigabyte. */
const REFERENCE_VALUES = 2 ** 26;
/** Codes that the mutual information is estimated from. */
const INFORMATION_SAMPLES = 2_000;
/** The most samples of z that are decoded at once. */
const IMPORTANCE_BATCH = 128;

/** Measures a trained model; docs/architecture.md lists what it writes. */
export async function run(context: StageContext<EvaluateSlice>): Promise<void> {
  const { seed, model } = context.slice;
  const dataset = await readDataset((name) => context.input(`preprocess/${name}`));
  const weights = decodeSafetensors(await Deno.readFile(context.input("train/weights.safetensors")));
  const engine = await openEngine(context.settings.engine);
  context.record("engine", `${engine.name}, ${engine.version}`);
  const vae = createVae(model, dataset.info.shape, seed);
  try {
    const parameters = engine.parameters(vae.variables);
    for (const { name } of vae.variables) parameters.set(name, weights.tensors[name]!.data);
    await new Evaluation(context, dataset, engine, vae, parameters).run();
  } finally {
    engine.dispose();
    vae.dispose();
  }
}

class Evaluation {
  readonly #context: StageContext<EvaluateSlice>;
  readonly #dataset: Dataset;
  readonly #engine: Engine;
  readonly #vae: Vae;
  readonly #parameters: Parameters;
  readonly #pause: () => Promise<void>;
  readonly #parts: { readonly train: MeasuredPart; readonly test: MeasuredPart };

  constructor(
    context: StageContext<EvaluateSlice>,
    dataset: Dataset,
    engine: Engine,
    vae: Vae,
    parameters: Parameters,
  ) {
    this.#context = context;
    this.#dataset = dataset;
    this.#engine = engine;
    this.#vae = vae;
    this.#parameters = parameters;
    this.#pause = pauseWithin(context.signal);
    const part = (name: "train" | "test"): MeasuredPart => ({
      part: dataset[name],
      name,
      seed: context.slice.seed,
      dynamic: dataset.info.binarisation === "dynamic",
    });
    this.#parts = { train: part("train"), test: part("test") };
  }

  async run(): Promise<void> {
    const { info, train, test } = this.#dataset;
    const { seed, model } = this.#context.slice;
    const meter = new LossMeter(this.#engine, this.#parameters, this.#vae, test.size);
    const testIndices = allIndices(test.examples);
    const most = Math.min(REFERENCE_EXAMPLES, Math.floor(REFERENCE_VALUES / train.size));
    const reference = sampleIndices(seed, "train", train.examples, most);

    this.#report(0, "losses of the test examples");
    const testLosses = await meter.measure(this.#parts.test, testIndices, this.#pause);
    this.#report(0.05, "losses of training examples");
    const trainLosses = await meter.measure(this.#parts.train, reference, this.#pause);
    const importance = await this.#importance(testLosses);
    this.#report(0.7, "mutual information");
    const latent = this.#latent(testLosses);
    await this.#pause();
    const comparison = await this.#compare(reference, trainLosses, testIndices, testLosses);
    const music = await this.#music(testLosses);
    const studies = await this.#studies(reference, trainLosses);

    const [trainElbo, testElbo] = [elboMetrics(trainLosses), elboMetrics(testLosses)];
    const metrics: EvaluationMetrics = {
      dataset: { name: info.name, split: info.split, binarisation: info.binarisation },
      likelihood: model.likelihood,
      parameters: this.#vae.variables.reduce((sum, { size }) => sum + size, 0),
      test: testElbo,
      train: trainElbo,
      gap: testElbo.loss - trainElbo.loss,
      importance: importance.metrics,
      latent: latent.metrics,
      ...comparison,
      ...(music ? { music } : {}),
      ...(studies ? { studies } : {}),
    };
    await this.#writeRegions(reference, trainLosses);
    await this.#write(testLosses, metrics, importance.curve, latent.rows);
    this.#report(1, `test loss ${testElbo.loss.toFixed(2)} nats`);
  }

  #report(fraction: number, text: string): void {
    this.#context.progress({ fraction, text });
  }

  /** The importance-weighted bounds, from some of the test examples and the ELBO of all. */
  async #importance(losses: ExampleLosses) {
    const { seed, evaluation } = this.#context.slice;
    const { importanceSamples: samples, importanceExamples } = evaluation;
    const indices = sampleIndices(seed, "test", this.#dataset.test.examples, importanceExamples);
    const latentSize = this.#vae.latentSize;
    // As many equal batches as needed, so that little is decoded in vain when the last one is cut short.
    const batch = Math.ceil(samples / Math.ceil(samples / IMPORTANCE_BATCH));
    const program = this.#engine.compileFunction({
      parameters: this.#parameters,
      inputs: {
        x: [1, this.#dataset.test.size],
        mean: [1, latentSize],
        logVariance: [1, latentSize],
        noise: [batch, latentSize],
      },
      fn: ({ x, mean, logVariance, noise }) => ({
        logWeights: logImportanceWeights(this.#vae, x!, mean!, logVariance!, noise!),
      }),
    });
    const { x, mean, logVariance, noise } = program.inputs;
    const counts = sampleCounts(samples);
    const bounds = counts.map(() => new Float64Array(indices.length));
    const logWeights = new Float32Array(samples);
    const allNoise = new Float32Array(samples * latentSize);
    for (const [i, index] of indices.entries()) {
      measuredExamples(this.#parts.test, [index], x!);
      const code = [index * latentSize, (index + 1) * latentSize] as const;
      mean!.set(losses.mean.data.subarray(...code));
      logVariance!.set(losses.logVariance.data.subarray(...code));
      randomStream(seed, "importance samples", index).fillNormal(allNoise);
      for (let from = 0; from < samples; from += batch) {
        const count = Math.min(batch, samples - from);
        noise!.set(allNoise.subarray(from * latentSize, (from + count) * latentSize));
        logWeights.set(program.run().logWeights!.subarray(0, count), from);
      }
      counts.forEach((count, k) => bounds[k]![i] = importanceWeightedBound(logWeights, count));
      const fraction = (i + 1) / indices.length;
      this.#report(0.1 + 0.6 * fraction, `importance-weighted likelihood ${i + 1}/${indices.length}`);
      await this.#pause();
    }
    program.dispose();
    const elbos = klPerExample(losses).map((kl, i) => -kl - losses.reconstruction[i]!);
    const curve = counts.map((count, k) => ({
      samples: count,
      ...differenceEstimate(elbos, indices, bounds[k]!),
    }));
    const { mean: logLikelihood, standardError } = curve.at(-1)!;
    return {
      curve,
      metrics: {
        samples,
        examples: indices.length,
        logLikelihood,
        standardError: finiteOrNull(standardError),
      },
    };
  }

  #latent(losses: ExampleLosses) {
    const { seed, evaluation } = this.#context.slice;
    const { rows, columns } = losses.mean;
    const kl = klPerDimension(losses);
    const variances = varianceOfMeans(losses);
    const samples = Math.min(rows, INFORMATION_SAMPLES);
    const noise: Matrix = {
      rows: samples,
      columns,
      data: randomStream(seed, "information samples").fillNormal(new Float32Array(samples * columns)),
    };
    const active = Array.from(variances, (variance) => variance > evaluation.activeUnitThreshold);
    return {
      rows: Array.from(kl, (value, j) => ({ kl: value, variance: variances[j]!, active: active[j]! })),
      metrics: {
        size: columns,
        activeUnits: active.filter(Boolean).length,
        activeUnitThreshold: evaluation.activeUnitThreshold,
        klPerDimension: Array.from(kl),
        mutualInformation: mutualInformation(
          losses,
          sampleIndices(seed, "information", rows, samples),
          noise,
        ),
        mutualInformationSamples: samples,
        mutualInformationCeiling: Math.log(rows),
        momentMatchedKl: momentMatchedKl(losses),
      },
    };
  }

  /** Beside PCA with as many components as z has dimensions and, where labels are probed, the raw values. */
  async #compare(
    referenceIndices: Uint32Array,
    referenceLosses: ExampleLosses,
    testIndices: Uint32Array,
    testLosses: ExampleLosses,
  ): Promise<Pick<EvaluationMetrics, "squaredError" | "probe">> {
    const { info } = this.#dataset;
    const { evaluation } = this.#context.slice;
    const product = engineProduct(this.#engine);
    this.#report(0.75, "principal components");
    const { features: reference, labels: referenceLabels } = this.#labelled("train", referenceIndices);
    const { features: tested, labels: testLabels } = this.#labelled("test", testIndices);
    const pca = fitPca(reference, this.#vae.latentSize, product);
    const coordinates = projectOnPca(pca, tested, product);
    const squaredError = {
      examples: tested.rows,
      vae: await this.#squaredError(tested, testLosses.mean),
      pca: pcaReconstructionError(pca, tested, coordinates),
      pcaExamples: reference.rows,
    };
    if (!evaluation.probe) return { squaredError, probe: null };

    const candidates = [
      { representation: "posterior means", reference: referenceLosses.mean, test: testLosses.mean },
      { representation: "PCA", reference: projectOnPca(pca, reference, product), test: coordinates },
      { representation: "raw values", reference, test: tested },
    ];
    const rows: ProbeMetrics["rows"][number][] = [];
    for (const candidate of candidates) {
      this.#report(0.8 + 0.06 * rows.length, `probing ${candidate.representation}`);
      const fitted = { features: candidate.reference, labels: referenceLabels };
      const measured = { features: candidate.test, labels: testLabels };
      const classes = info.classes.length;
      rows.push({
        representation: candidate.representation,
        dimensions: candidate.test.columns,
        linear: linearProbeAccuracy(fitted, measured, classes, product),
        nearest: nearestNeighbourAccuracy(fitted, measured, classes, evaluation.neighbours, product),
      });
      await this.#pause();
    }
    const probe = {
      neighbours: evaluation.neighbours,
      referenceExamples: reference.rows,
      testExamples: tested.rows,
      rows,
    };
    return { squaredError, probe };
  }

  async #music(losses: ExampleLosses): Promise<MusicMetrics | undefined> {
    const { info } = this.#dataset;
    if (!info.music) return undefined;
    this.#report(0.97, "notes and bars");
    const { seed, generation } = this.#context.slice;
    const decoder = compileDecoder(this.#engine, this.#parameters, this.#vae, info.shape);
    const context = {
      seed,
      dataset: this.#dataset,
      info: info.music,
      generation: generation!,
      decoder,
      latentSize: this.#vae.latentSize,
    };
    const metrics = await measureMusic(context, losses, this.#pause);
    decoder.dispose();
    return metrics;
  }

  /** Measures what the figures of studies show, and keeps their pictures. */
  async #studies(referenceIndices: Uint32Array, losses: ExampleLosses): Promise<StudyMetrics | undefined> {
    const { seed, model, evaluation, inputNoise, studies } = this.#context.slice;
    if (studies.length === 0) return undefined;
    const { info } = this.#dataset;
    const encoder = compileEncoder(this.#engine, this.#parameters, this.#vae, this.#dataset.test.size);
    const decoder = compileDecoder(this.#engine, this.#parameters, this.#vae, info.shape);
    const reference = this.#labelled("train", referenceIndices);
    const context = {
      seed,
      shape: info.shape,
      classes: info.classes,
      latentSize: model.latentSize,
      reference: { ...reference, codes: losses.mean },
      test: this.#labelled("test", allIndices(this.#dataset.test.examples)),
      regions: info.classes.map((_, label) => classRegion(losses, reference.labels, label)),
      inputNoise,
      neighbours: evaluation.neighbours,
      product: engineProduct(this.#engine),
      encode: encoder.encode,
      decode: (codes: Float32Array) => decoder.decode(codes).values,
    };
    const all: Record<string, unknown> = {};
    for (const name of studies) {
      this.#report(0.98, `measuring ${name}`);
      const { metrics, pictures } = STUDY[name](context);
      all[name] = metrics;
      const [first] = pictures;
      const columns = first!.length / this.#dataset.test.size;
      const data = new Float32Array(pictures.length * first!.length);
      pictures.forEach((row, i) => data.set(row, i * row.length));
      await Deno.writeFile(
        this.#context.output(`${name}.npy`),
        encodeNpy({ shape: [pictures.length, columns, ...info.shape], data }),
      );
      await this.#pause();
    }
    encoder.dispose();
    decoder.dispose();
    return all as StudyMetrics;
  }

  #labelled(name: "train" | "test", indices: Uint32Array): Labelled {
    const part = this.#dataset[name];
    const data = new Float32Array(indices.length * part.size);
    measuredExamples(this.#parts[name], indices, data);
    return {
      features: { rows: indices.length, columns: part.size, data },
      labels: Uint8Array.from(indices, (index) => part.labels[index]!),
    };
  }

  /** Where each class lies, from training examples. A class without any has NaN. */
  async #writeRegions(indices: Uint32Array, losses: ExampleLosses): Promise<void> {
    const { train, info: { classes } } = this.#dataset;
    const { latentSize } = this.#vae;
    const labels = Uint8Array.from(indices, (index) => train.labels[index]!);
    const size = (latentSize + 1) * latentSize;
    const data = new Float32Array(classes.length * size).fill(NaN);
    for (const label of classes.keys()) {
      const region = classRegion(losses, labels, label);
      if (region) data.set([...region.centre, ...region.matrix], label * size);
    }
    await Deno.writeFile(
      this.#context.output("class-regions.npy"),
      encodeNpy({ shape: [classes.length, latentSize + 1, latentSize], data }),
    );
  }

  /** Of E[x|z] at the posterior's mean, summed over dimensions, averaged over the examples. */
  async #squaredError(x: Matrix, codes: Matrix): Promise<number> {
    const batch = 100;
    const program = this.#engine.compileFunction({
      parameters: this.#parameters,
      inputs: { x: [batch, x.columns], z: [batch, codes.columns] },
      fn: ({ x, z }) => {
        const mean = expectedValue(this.#vae, this.#vae.decode(z!, x!));
        return { error: tf.sum(tf.square(tf.sub(x!, mean)), 1) };
      },
    });
    let sum = 0;
    for (let from = 0; from < x.rows; from += batch) {
      const count = Math.min(batch, x.rows - from);
      program.inputs.x!.set(x.data.subarray(from * x.columns, (from + count) * x.columns));
      program.inputs.z!.set(codes.data.subarray(from * codes.columns, (from + count) * codes.columns));
      const { error } = program.run();
      for (let i = 0; i < count; i++) sum += error![i]!;
      await this.#pause();
    }
    program.dispose();
    return sum / x.rows;
  }

  async #write(
    losses: ExampleLosses,
    metrics: EvaluationMetrics,
    curve: readonly { samples: number; mean: number; standardError: number }[],
    dimensions: readonly { kl: number; variance: number; active: boolean }[],
  ): Promise<void> {
    const { output } = this.#context;
    const { rows: n, columns } = losses.mean;
    await Deno.writeTextFile(output("metrics.json"), JSON.stringify(metrics, null, 2) + "\n");
    const table = (columns: string[], rows: CsvValue[][]) => encodeCsv({ columns, rows });
    await Deno.writeTextFile(
      output("importance.csv"),
      table(
        ["samples", "log_likelihood", "standard_error"],
        curve.map(({ samples, mean, standardError }) => [samples, mean, finiteOrNull(standardError)]),
      ),
    );
    await Deno.writeTextFile(
      output("kl-per-dimension.csv"),
      table(
        ["dimension", "kl", "variance_of_mean", "active"],
        dimensions.map(({ kl, variance, active }, j) => [j + 1, kl, variance, active]),
      ),
    );
    const posterior = new Float32Array(n * 2 * columns);
    const perExample = new Float32Array(n * 2);
    const kl = klPerExample(losses);
    for (let i = 0; i < n; i++) {
      const row = [i * columns, (i + 1) * columns] as const;
      posterior.set(losses.mean.data.subarray(...row), 2 * i * columns);
      posterior.set(losses.logVariance.data.subarray(...row), (2 * i + 1) * columns);
      perExample.set([losses.reconstruction[i]!, kl[i]!], 2 * i);
    }
    await Deno.writeFile(output("posterior.npy"), encodeNpy({ shape: [n, 2, columns], data: posterior }));
    await Deno.writeFile(output("example-losses.npy"), encodeNpy({ shape: [n, 2], data: perExample }));
  }
}

function elboMetrics(losses: ExampleLosses): ElboMetrics {
  const kl = klPerExample(losses);
  const { mean: loss, standardError } = meanAndError(kl.map((value, i) => value + losses.reconstruction[i]!));
  return {
    examples: kl.length,
    samples: 1,
    loss,
    standardError: finiteOrNull(standardError),
    reconstruction: meanAndError(losses.reconstruction).mean,
    kl: meanAndError(kl).mean,
  };
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
