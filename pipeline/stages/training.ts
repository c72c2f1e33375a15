import { sampleBinary } from "../datasets/binarise.ts";
import { type DatasetInfo, gather, type Images, type PartName } from "../datasets/dataset.ts";
import { addNoise } from "../datasets/input_noise.ts";
import type { Engine, Parameters, TrainingStep } from "../engine/engine.ts";
import { UserError } from "../errors.ts";
import type { CsvValue } from "../formats/csv.ts";
import type { StageContext } from "../graph/stage.ts";
import { klPerDimension } from "../metrics/latent.ts";
import { gridCoordinates, latentGrid, PAPER_TAIL } from "../metrics/latent_grid.ts";
import { randomStream } from "../random.ts";
import type { KlSpec, ModelSpec, TrainingSpec } from "../spec/schema.ts";
import { elboTerms, hideSteps, trainingLoss } from "../vae/elbo.ts";
import { klWeight } from "../vae/kl_schedule.ts";
import { learningRate } from "../vae/learning_rate.ts";
import type { Vae } from "../vae/vae.ts";
import { readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import { compileDecoder, type Decoder } from "./decoder.ts";
import { divergenceError, type StepValues } from "./divergence.ts";
import {
  allIndices,
  type ExampleLosses,
  LossMeter,
  type MeasuredPart,
  sampleIndices,
} from "./example_losses.ts";
import { pauseWithin } from "./pause.ts";

export interface TrainSlice {
  readonly seed: number;
  readonly model: ModelSpec;
  readonly kl: KlSpec;
  readonly training: TrainingSpec;
}

/** No labels: training must not see them. */
export type TrainingData = { readonly info: DatasetInfo } & Readonly<Record<PartName, Images>>;

export interface TrainingResult {
  readonly weights: Readonly<Record<string, Float32Array>>;
  /** The epoch that the weights are of: the last one, or the best one where early stopping chose. */
  readonly epoch: number;
  readonly epochsDone: number;
  /** Of `METRICS_COLUMNS`. */
  readonly rows: readonly (readonly CsvValue[])[];
  /** Epochs of the snapshots. */
  readonly snapshots: readonly number[];
  /** Which test examples the snapshots are of. */
  readonly latentExamples: Uint32Array;
  /** For each snapshot the posterior means, [examples, latent size]. */
  readonly latents: readonly Float32Array[];
  /** For each snapshot the decoded grid of z, [side * side, values]; empty where none was asked for. */
  readonly manifolds: readonly Float32Array[];
}

/** Columns of `metrics.csv`. Losses are nats per example; `objective` has the weight and the free bits in it. */
export const METRICS_COLUMNS = [
  "epoch",
  "step",
  "learning_rate",
  "kl_weight",
  ...["train", "test", "validation"].flatMap((part) =>
    ["loss", "reconstruction", "kl", "objective"].map((term) => `${part}_${term}`)
  ),
];
const LOSSES = ["loss", "reconstruction", "kl", "objective"] as const;
type Losses = Readonly<Record<typeof LOSSES[number], number>>;

/** The most test examples whose codes are kept at each snapshot. */
const LATENT_EXAMPLES = 10_000;
const CHECKPOINT_INTERVAL_MS = 20_000;

/** Everything that changes as training goes on, besides the parameters and the arrays of the snapshots. */
interface Progress {
  /** Epochs done. */
  epoch: number;
  /** Steps done in the epoch under way. */
  step: number;
  /** Of the epoch under way, over its steps. */
  sums: { objective: number; reconstruction: number; kl: number };
  rows: CsvValue[][];
  snapshots: number[];
  /** Of the validation loss, for early stopping. */
  best: { epoch: number; loss: number } | null;
}

/**
 * The training loop. All that changes lies in `Progress`, the parameters and two sets of arrays, and randomness
 * is drawn from streams that are numbered by epoch and step: a checkpoint of these continues with the same bytes.
 */
export class Training {
  readonly #context: StageContext<TrainSlice>;
  readonly #dataset: TrainingData;
  readonly #parameters: Parameters;
  readonly #step: TrainingStep;
  readonly #meter: LossMeter;
  /** For snapshots of the manifold, where they are asked for. */
  readonly #decoder: Decoder | undefined;
  readonly #stepsPerEpoch: number;
  readonly #pause: () => Promise<void>;
  readonly #checkpointPath: string;
  #checkpointedAt = performance.now();
  readonly #startedAt = performance.now();
  /** Steps done by this process, for the time left. */
  #stepsHere = 0;

  #progress: Progress = {
    epoch: 0,
    step: 0,
    sums: { objective: 0, reconstruction: 0, kl: 0 },
    rows: [],
    snapshots: [],
    best: null,
  };
  /** Posterior means of the test set at each snapshot, [examples, latent size]. */
  #latents: Float32Array[] = [];
  #manifolds: Float32Array[] = [];
  /** The weights of the best epoch, where early stopping may go back to them. */
  #bestWeights: Record<string, Float32Array> = {};
  #lastFinite: StepValues | undefined;

  constructor(
    context: StageContext<TrainSlice>,
    dataset: TrainingData,
    engine: Engine,
    vae: Vae,
    parameters: Parameters,
  ) {
    const { model, kl, training } = context.slice;
    const { batchSize, weightDecay, gradientClipNorm, optimiser, earlyStopping, inputNoise } = training;
    this.#context = context;
    this.#dataset = dataset;
    this.#pause = pauseWithin(context.signal);
    this.#checkpointPath = `${context.scratch}/checkpoint`;
    this.#stepsPerEpoch = Math.floor(dataset.train.examples / batchSize);
    if (this.#stepsPerEpoch === 0) {
      throw new UserError(
        `Cannot train: a batch of ${batchSize} is more than the ${dataset.train.examples} training examples`,
        { notes: [`Try: --set training.batchSize=${Math.max(1, Math.min(32, dataset.train.examples))}`] },
      );
    }
    if (earlyStopping && dataset.validation.examples === 0) {
      throw new UserError("Cannot stop early: the validation part is empty", {
        notes: ["Try: --set dataset.split.validation.count=5000"],
      });
    }
    this.#parameters = parameters;
    this.#meter = new LossMeter(engine, this.#parameters, vae, dataset.train.size);
    this.#decoder = training.manifoldSnapshots === undefined
      ? undefined
      : compileDecoder(engine, this.#parameters, vae, dataset.info.shape);
    const examples = { shape: [batchSize, dataset.train.size], batched: true };
    this.#step = engine.compileStep({
      parameters: this.#parameters,
      inputs: {
        x: examples,
        ...(inputNoise === undefined ? {} : { seen: examples }),
        ...(vae.autoregression
          ? { kept: { shape: [batchSize, vae.autoregression.steps], batched: true } }
          : {}),
        noise: { shape: [batchSize, model.latentSize], batched: true },
        klWeight: { shape: [], batched: false },
      },
      step: ({ x, seen, kept, noise, klWeight }) => {
        const given = kept && hideSteps(x!, kept);
        return trainingLoss(elboTerms(vae, x!, noise!, seen, given), klWeight!, kl.freeBits);
      },
      optimiser: { ...optimiser, weightDecay, clipNorm: gradientClipNorm },
    });
  }

  /** Goes on where an earlier process of the same key stopped. */
  resume(): void {
    const checkpoint = readCheckpoint<Progress>(this.#checkpointPath);
    if (checkpoint === undefined) return;
    if (checkpoint === "damaged") {
      this.#context.notice("The checkpoint of an earlier run is damaged: training starts from the beginning");
      Deno.removeSync(this.#checkpointPath);
      return;
    }
    const { arrays, progress } = checkpoint;
    const underPrefix = (prefix: string) =>
      Object.fromEntries(
        Object.entries(arrays).filter(([name]) => name.startsWith(prefix))
          .map(([name, data]) => [name.slice(prefix.length), data]),
      );
    this.#parameters.restoreState(underPrefix("state/"));
    this.#bestWeights = underPrefix("best/");
    this.#latents = progress.snapshots.map((epoch) => arrays[`latents/${epoch}`]!);
    if (this.#decoder) this.#manifolds = progress.snapshots.map((epoch) => arrays[`manifolds/${epoch}`]!);
    this.#progress = progress;
    this.#context.notice(
      `Training resumes after ${progress.epoch} epochs and ${progress.step} steps, from a checkpoint`,
    );
  }

  async #checkpoint(): Promise<void> {
    const arrays: Record<string, Float32Array> = {};
    for (const [name, data] of Object.entries(this.#parameters.saveState())) arrays[`state/${name}`] = data;
    for (const [name, data] of Object.entries(this.#bestWeights)) arrays[`best/${name}`] = data;
    this.#progress.snapshots.forEach((epoch, i) => {
      arrays[`latents/${epoch}`] = this.#latents[i]!;
      if (this.#decoder) arrays[`manifolds/${epoch}`] = this.#manifolds[i]!;
    });
    await writeCheckpoint(this.#checkpointPath, { arrays, progress: this.#progress });
    this.#checkpointedAt = performance.now();
  }

  async run(): Promise<void> {
    const { epochs } = this.#context.slice.training;
    try {
      if (this.#progress.rows.length === 0) await this.#finishEpoch(undefined);
      while (this.#progress.epoch < epochs && !this.#stopsEarly()) {
        await this.#trainEpoch();
        await this.#finishEpoch(this.#trainLosses());
        await this.#checkpoint();
      }
    } catch (error) {
      // Between two steps the state is whole, whatever interrupted them.
      if (this.#context.signal.aborted) await this.#checkpoint();
      throw error;
    }
    this.#context.record("training", {
      seconds: (performance.now() - this.#startedAt) / 1000,
      steps: this.#stepsHere,
    });
  }

  /** The rest of the epoch under way. */
  async #trainEpoch(): Promise<void> {
    const { seed, kl, training, model } = this.#context.slice;
    const { train, info } = this.#dataset;
    const progress = this.#progress;
    const order = randomStream(seed, "shuffling", progress.epoch).permutation(train.examples);
    const { x, seen, kept, noise, klWeight: weightInput } = this.#step.inputs;
    const wordDropout = model.architecture === "lstm" ? model.decoder.autoregressive?.wordDropout : undefined;
    while (progress.step < this.#stepsPerEpoch) {
      const step = progress.epoch * this.#stepsPerEpoch + progress.step;
      const from = progress.step * training.batchSize;
      gather(train, order.subarray(from, from + training.batchSize), x!);
      if (info.binarisation === "dynamic") sampleBinary(x!, randomStream(seed, "binarisation", step));
      if (seen) addNoise(x!, training.inputNoise!, randomStream(seed, "input noise", step), seen);
      if (kept) {
        randomStream(seed, "word dropout", step).fillUniform(kept);
        kept.forEach((value, i) => kept[i] = Number(value >= wordDropout!));
      }
      randomStream(seed, "noise", step).fillNormal(noise!);
      const weight = klWeight(kl, step, this.#stepsPerEpoch);
      weightInput![0] = weight;
      const rate = learningRate(training.learningRate, step, this.#stepsPerEpoch, training.epochs);

      const { loss, reconstruction, kl: divergence } = this.#step.run(rate);
      const values = { loss: loss!, reconstruction: reconstruction!, KL: divergence! };
      const now = { epoch: progress.epoch + 1, step: progress.step + 1, values };
      if (!Object.values(values).every(Number.isFinite)) {
        throw divergenceError(now, this.#lastFinite, rate, training, model.likelihood);
      }
      this.#lastFinite = now;
      progress.sums.objective += values.loss;
      progress.sums.reconstruction += values.reconstruction;
      progress.sums.kl += values.KL;
      progress.step++;
      this.#stepsHere++;
      this.#report(weight);
      await this.#pause();
      if (performance.now() - this.#checkpointedAt > CHECKPOINT_INTERVAL_MS) await this.#checkpoint();
    }
  }

  #report(weight: number): void {
    const { epochs, batchSize } = this.#context.slice.training;
    const { epoch, step, sums } = this.#progress;
    const total = epochs * this.#stepsPerEpoch;
    const done = epoch * this.#stepsPerEpoch + step;
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const mean = (sum: number) => (sum / step).toFixed(2);
    this.#context.progress({
      fraction: done / total,
      text: [
        `epoch ${epoch + 1}/${epochs}`,
        `step ${step}/${this.#stepsPerEpoch}`,
        `${Math.round(this.#stepsHere * batchSize / seconds).toLocaleString("en")} examples/s`,
        `loss ${mean(sums.objective)}`,
        `reconstruction ${mean(sums.reconstruction)}`,
        `KL ${mean(sums.kl)}`,
        `KL weight ${Number(weight.toPrecision(3))}`,
      ].join("  "),
      secondsLeft: seconds / this.#stepsHere * (total - done),
    });
  }

  /** Means over the steps of the epoch under way. */
  #trainLosses(): Losses {
    const { objective, reconstruction, kl } = this.#progress.sums;
    const steps = this.#stepsPerEpoch;
    return {
      loss: (reconstruction + kl) / steps,
      reconstruction: reconstruction / steps,
      kl: kl / steps,
      objective: objective / steps,
    };
  }

  /** Measures the model as it is, before training where there are no losses yet, and closes the epoch. */
  async #finishEpoch(train: Losses | undefined): Promise<void> {
    const { seed, kl, training } = this.#context.slice;
    const progress = this.#progress;
    const epoch = train ? progress.epoch + 1 : 0;
    const steps = epoch * this.#stepsPerEpoch;
    const lastStep = Math.max(0, steps - 1);
    const weight = klWeight(kl, lastStep, this.#stepsPerEpoch);
    const dynamic = this.#dataset.info.binarisation === "dynamic";
    const measure = (name: "test" | "validation") => {
      const part: MeasuredPart = { part: this.#dataset[name], name, seed, dynamic };
      return this.#meter.measure(part, allIndices(part.part.examples), this.#pause);
    };
    const test = await measure("test");
    const testLosses = this.#meanLosses(test, weight);
    const validationLosses = this.#meanLosses(await measure("validation"), weight);
    for (const losses of [testLosses, validationLosses]) {
      if (!losses || Number.isFinite(losses.loss)) continue;
      const now = {
        epoch,
        step: this.#stepsPerEpoch,
        values: { "loss on examples not trained on": losses.loss },
      };
      const rate = learningRate(training.learningRate, lastStep, this.#stepsPerEpoch, training.epochs);
      throw divergenceError(now, this.#lastFinite, rate, training, this.#context.slice.model.likelihood);
    }

    // No await from here on: a checkpoint holds all of this or nothing.
    const columns = (losses: Losses | undefined) => LOSSES.map((name) => losses?.[name] ?? null);
    progress.rows.push([
      epoch,
      steps,
      learningRate(training.learningRate, lastStep, this.#stepsPerEpoch, training.epochs),
      weight,
      ...columns(train),
      ...columns(testLosses),
      ...columns(validationLosses),
    ]);
    if (training.latentSnapshots.includes(epoch)) {
      progress.snapshots.push(epoch);
      this.#latents.push(this.#keptLatents(test));
      if (this.#decoder) {
        const grid = latentGrid(gridCoordinates(training.manifoldSnapshots!, PAPER_TAIL));
        this.#manifolds.push(this.#decoder.decode(grid).values);
      }
    }
    if (training.earlyStopping && validationLosses) {
      const { loss } = validationLosses;
      if (!progress.best || loss < progress.best.loss - training.earlyStopping.minimumImprovement) {
        progress.best = { epoch, loss };
        this.#bestWeights = this.#weights();
      }
    }
    progress.epoch = epoch;
    progress.step = 0;
    progress.sums = { objective: 0, reconstruction: 0, kl: 0 };
  }

  #meanLosses(losses: ExampleLosses, weight: number): Losses | undefined {
    const examples = losses.reconstruction.length;
    if (examples === 0) return undefined;
    const { freeBits } = this.#context.slice.kl;
    const reconstruction = losses.reconstruction.reduce((sum, loss) => sum + loss / examples, 0);
    const perDimension = klPerDimension(losses);
    const kl = perDimension.reduce((sum, value) => sum + value, 0);
    const penalised = perDimension.reduce((sum, value) => sum + Math.max(freeBits, value), 0);
    return { loss: reconstruction + kl, reconstruction, kl, objective: reconstruction + weight * penalised };
  }

  #latentIndices(): Uint32Array {
    return sampleIndices(this.#context.slice.seed, "test", this.#dataset.test.examples, LATENT_EXAMPLES);
  }

  #keptLatents({ mean: { columns, data } }: ExampleLosses): Float32Array {
    const kept = this.#latentIndices();
    const latents = new Float32Array(kept.length * columns);
    kept.forEach((index, i) =>
      latents.set(data.subarray(index * columns, (index + 1) * columns), i * columns)
    );
    return latents;
  }

  #weights(): Record<string, Float32Array> {
    return Object.fromEntries(this.#parameters.names.map((name) => [name, this.#parameters.get(name)]));
  }

  #stopsEarly(): boolean {
    const { earlyStopping } = this.#context.slice.training;
    const { best, epoch } = this.#progress;
    return earlyStopping !== undefined && best !== null && epoch - best.epoch >= earlyStopping.patience;
  }

  result(): TrainingResult {
    const { rows, snapshots, best, epoch } = this.#progress;
    return {
      weights: best ? this.#bestWeights : this.#weights(),
      epoch: best?.epoch ?? epoch,
      epochsDone: epoch,
      rows,
      snapshots,
      latentExamples: this.#latentIndices(),
      latents: this.#latents,
      manifolds: this.#manifolds,
    };
  }
}
