import type { Engine, Parameters } from "../engine/engine.ts";
import { UserError } from "../base/errors.ts";
import type { DecodedCounts } from "../artifacts/latents.ts";
import type { GameEpoch } from "../artifacts/game_csv.ts";
import type { EpochMetrics, Losses } from "../artifacts/metrics_csv.ts";
import { gridCoordinates, latentGrid, PAPER_TAIL } from "../metrics/latent_grid.ts";
import { rowsAt } from "../metrics/matrix.ts";
import { randomStream } from "../base/random.ts";
import type { KlScheduleModule } from "../vae/kl_schedules/kl_schedule.ts";
import type { LearningRateModule } from "../vae/learning_rates/learning_rate.ts";
import type { LikelihoodModule } from "../vae/likelihoods/likelihood.ts";
import type { Objective } from "../vae/objectives/objective.ts";
import type { Vae } from "../vae/vae.ts";
import { type CompiledDecoder, compileDecoder } from "../inference/decoder.ts";
import { divergenceError, type StepValues } from "./divergence.ts";
import { allIndices, LossEvaluator, type MeasuredPart, sampleIndices } from "../inference/example_losses.ts";
import { pauseWithin } from "../base/pause.ts";
import { meanLosses } from "./training/losses.ts";
import { decodedCounts, decodeSnapshot } from "./training/decoded.ts";
import { addStanding, collapses, meanStanding, standingWords } from "./training/game.ts";
import { Pace } from "./training/pace.ts";
import { TrainingState } from "./training/state.ts";
import { type Companions, type TrainContext, type TrainingData, Update } from "./training/update.ts";

/** What training comes to. */
export interface TrainingResult {
  readonly weights: Readonly<Record<string, Float32Array>>;
  /** The epoch that the weights are of: the last one, or the best one where early stopping chose. */
  readonly epoch: number;
  readonly epochsDone: number;
  /** For each epoch, the first being the model before training. */
  readonly rows: readonly EpochMetrics[];
  /** For each epoch how the game stood; none where there is no game. */
  readonly games: readonly GameEpoch[];
  /** Epochs of the snapshots. */
  readonly snapshots: readonly number[];
  /** Which test examples the snapshots are of. */
  readonly latentExamples: Uint32Array;
  /** For each snapshot the posterior means, [examples, latent size]. */
  readonly latents: readonly Float32Array[];
  /** For each snapshot what is decoded, [rows, values]. */
  readonly decoded: readonly Float32Array[];
  /** What the rows of `decoded` are. */
  readonly decodedCounts: DecodedCounts;
  /** For each snapshot the decoded grid of z, [side * side, values]; empty where none was asked for. */
  readonly manifolds: readonly Float32Array[];
}

interface Schedules {
  readonly kl: KlScheduleModule;
  readonly learningRate: LearningRateModule;
}

/** Milliseconds between two looks at the losses, where an engine makes steps faster than it tells of them. */
const COLLECT_INTERVAL_MS = 400;
/** The most test examples whose codes are kept at each snapshot. */
const LATENT_EXAMPLES = 10_000;
/** Milliseconds of training from one checkpoint to the next: the most that a kill costs. */
const CHECKPOINT_INTERVAL_MS = 20_000;
/** How many times as long as writing the last checkpoint training took when the end of an epoch makes one due. */
const CHECKPOINT_PATIENCE = 10;

/**
 * The training loop. What changes lies in `TrainingState`, and randomness is drawn from streams that are numbered
 * by epoch and step: a checkpoint continues with the same bytes.
 */
export class Training {
  readonly #context: TrainContext;
  readonly #objective: Objective;
  readonly #schedules: Schedules;
  readonly #likelihood: LikelihoodModule;
  readonly #dataset: TrainingData;
  readonly #state: TrainingState;
  readonly #update: Update;
  readonly #evaluator: LossEvaluator;
  /** For snapshots. */
  readonly #decoder: CompiledDecoder;
  readonly #decodedCounts: DecodedCounts;
  readonly #vae: Vae;
  readonly #stepsPerEpoch: number;
  readonly #pause: () => Promise<void>;
  readonly #checkpointPath: string;
  #checkpointedAt = performance.now();
  #checkpointMs = 0;
  readonly #startedAt = performance.now();
  readonly #pace = new Pace();
  /** Steps done by this process, for the time left. */
  #stepsHere = 0;
  #lastFinite: StepValues | undefined;
  /** Steps that were handed to the engine, and whose losses nobody has looked at. */
  #waiting: { readonly weight: number; readonly rate: number }[] = [];
  #collectedAt = performance.now();
  /** The step from which on the KL weight is what it ends as: epochs before optimise something else. */
  readonly #settledFrom: number;

  constructor(
    context: TrainContext,
    objective: Objective,
    schedules: Schedules,
    likelihood: LikelihoodModule,
    dataset: TrainingData,
    engine: Engine,
    vae: Vae,
    parameters: Parameters,
    companions: Companions,
  ) {
    const { training } = context.slice;
    const { batchSize, earlyStopping } = training;
    this.#context = context;
    this.#objective = objective;
    this.#schedules = schedules;
    this.#likelihood = likelihood;
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
    this.#state = new TrainingState(parameters);
    const { ofMeans, ofExamples, samples } = objective;
    const measured = ofMeans || !ofExamples
      ? undefined
      : { ofExamples, samples, trainingExamples: dataset.train.examples };
    this.#evaluator = new LossEvaluator(engine, parameters, vae, dataset.train.size, measured);
    this.#decoder = compileDecoder(engine, parameters, vae, dataset.info.shape);
    this.#vae = vae;
    this.#decodedCounts = decodedCounts(vae, dataset.train.size, dataset.test.examples);
    this.#settledFrom = earlyStopping ? this.#lastChangeOfWeight() : 0;
    this.#update = new Update(context.slice, objective, dataset, engine, vae, parameters, companions);
  }

  /** Goes on where an earlier process of the same key stopped. */
  resume(): void {
    const found = this.#state.load(this.#checkpointPath, this.#context.key);
    if (found === "damaged" || found === "foreign") {
      const what = found === "damaged"
        ? "The checkpoint of an earlier run is damaged"
        : "The checkpoint that is there is of another training";
      this.#context.notice(`${what}: training starts from the beginning`);
      Deno.removeSync(this.#checkpointPath);
    } else if (found === "loaded") {
      const { epoch, step } = this.#state.progress;
      this.#context.notice(`Training resumes after ${epoch} epochs and ${step} steps, from a checkpoint`);
    }
  }

  async #checkpoint(): Promise<void> {
    this.#collect();
    const begin = performance.now();
    await this.#state.save(this.#checkpointPath, this.#context.key);
    this.#checkpointedAt = performance.now();
    this.#checkpointMs = this.#checkpointedAt - begin;
  }

  async run(): Promise<void> {
    const { epochs } = this.#context.slice.training;
    try {
      if (this.#state.progress.rows.length === 0) await this.#finishEpoch(undefined);
      while (this.#state.progress.epoch < epochs && !this.#stopsEarly()) {
        await this.#trainEpoch();
        await this.#finishEpoch(this.#trainLosses());
        const trained = performance.now() - this.#checkpointedAt;
        if (trained >= CHECKPOINT_PATIENCE * this.#checkpointMs) await this.#checkpoint();
      }
    } catch (error) {
      // When all that was asked for is done the state is whole, whatever interrupted it.
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
    const { seed, training } = this.#context.slice;
    const { progress } = this.#state;
    const order = randomStream(seed, "shuffling", progress.epoch).permutation(this.#dataset.train.examples);
    while (progress.step + this.#waiting.length < this.#stepsPerEpoch) {
      const within = progress.step + this.#waiting.length;
      const step = progress.epoch * this.#stepsPerEpoch + within;
      const from = within * training.batchSize;
      const weight = this.#klWeight(step);
      const rate = this.#learningRate(step);
      this.#update.enqueue(step, order.subarray(from, from + training.batchSize), weight, rate);
      this.#waiting.push({ weight, rate });
      const isDue = !this.#update.isDeferred || performance.now() - this.#collectedAt > COLLECT_INTERVAL_MS;
      if (isDue) this.#collect();
      await this.#pause();
      if (performance.now() - this.#checkpointedAt > CHECKPOINT_INTERVAL_MS) await this.#checkpoint();
    }
    this.#collect();
  }

  /** Takes the losses of the steps so far into the progress. */
  #collect(): void {
    const { progress } = this.#state;
    const steps = this.#waiting;
    this.#waiting = [];
    for (const [i, values] of this.#update.collect().entries()) {
      const { rate } = steps[i]!;
      const now = { epoch: progress.epoch + 1, step: progress.step + 1, values };
      if (!Object.values(values).every(Number.isFinite)) {
        throw this.#divergence(now, rate);
      }
      this.#lastFinite = now;
      progress.sums.objective += values.loss;
      progress.sums.reconstruction += values.reconstruction;
      progress.sums.kl += values.KL;
      addStanding(progress.standing, values);
      progress.step++;
      this.#stepsHere++;
      this.#pace.step(performance.now() / 1000);
    }
    if (steps.length > 0) this.#report(steps.at(-1)!.weight);
    this.#collectedAt = performance.now();
  }

  #klWeight(step: number): number {
    return this.#schedules.kl.klWeight(this.#context.slice.kl, step, this.#stepsPerEpoch);
  }

  #lastChangeOfWeight(): number {
    let step = this.#context.slice.training.epochs * this.#stepsPerEpoch - 1;
    const end = this.#klWeight(step);
    while (step > 0 && this.#klWeight(step - 1) === end) step--;
    return step;
  }

  #learningRate(step: number): number {
    const { learningRate, epochs } = this.#context.slice.training;
    return this.#schedules.learningRate.learningRate(learningRate, step, this.#stepsPerEpoch, epochs);
  }

  #divergence(now: StepValues, rate: number): UserError {
    const { model, training } = this.#context.slice;
    const cause = this.#likelihood.divergence?.(model.likelihood);
    return divergenceError(
      now,
      this.#lastFinite,
      rate,
      training,
      this.#state.parameters.optimiser!.rule,
      cause,
    );
  }

  #report(weight: number): void {
    const { epochs, batchSize } = this.#context.slice.training;
    const { epoch, step, sums } = this.#state.progress;
    const total = epochs * this.#stepsPerEpoch;
    const done = epoch * this.#stepsPerEpoch + step;
    const rate = this.#pace.stepsPerSecond;
    const mean = (sum: number) => (sum / step).toFixed(2);
    this.#context.progress({
      fraction: done / total,
      text: `epoch ${epoch + 1}/${epochs}  loss ${mean(sums.objective)}`,
      details: [
        `reconstruction ${mean(sums.reconstruction)}`,
        `KL ${mean(sums.kl)}`,
        `KL weight ${Number(weight.toPrecision(3))}`,
        ...standingWords(this.#state.progress.standing, step),
        `step ${step}/${this.#stepsPerEpoch}`,
        ...(rate === undefined ? [] : [`${Math.round(rate * batchSize).toLocaleString("en")} examples/s`]),
      ],
      values: { epoch: done / this.#stepsPerEpoch, loss: sums.objective / step },
      ...(rate === undefined ? {} : { secondsLeft: (total - done) / rate }),
    });
  }

  /** Means over the steps of the epoch under way. */
  #trainLosses(): Losses {
    const { objective, reconstruction, kl } = this.#state.progress.sums;
    const steps = this.#stepsPerEpoch;
    return {
      loss: (reconstruction + kl) / steps,
      reconstruction: reconstruction / steps,
      kl: kl / steps,
      objective: objective / steps,
    };
  }

  /**
   * Measures the model as it is, before training where there are no losses yet, and closes the epoch. Where there is a
   * validation part, the test part is left alone: whoever looks at it epoch by epoch chooses by it.
   */
  async #finishEpoch(train: Losses | undefined): Promise<void> {
    const { seed, kl, training } = this.#context.slice;
    const { progress } = this.#state;
    const epoch = train ? progress.epoch + 1 : 0;
    const steps = epoch * this.#stepsPerEpoch;
    const lastStep = Math.max(0, steps - 1);
    const weight = this.#klWeight(lastStep);
    const dynamic = this.#dataset.info.binarisation === "dynamic";
    const measure = (name: "test" | "validation", indices?: Uint32Array) => {
      const part: MeasuredPart = { part: this.#dataset[name], name, seed, dynamic };
      return this.#evaluator.measure(part, indices ?? allIndices(part.part.examples), this.#pause, weight);
    };
    const watched = this.#dataset.validation.examples > 0 ? "validation" : "test";
    const measured = await measure(watched);
    const losses = meanLosses(measured, this.#objective, weight, kl.freeBits)!;
    if (!Number.isFinite(losses.loss)) {
      const values = { "loss on examples not trained on": losses.loss };
      throw this.#divergence({ epoch, step: this.#stepsPerEpoch, values }, this.#learningRate(lastStep));
    }
    const kept = this.#latentIndices();
    const codes = !training.latentSnapshots.includes(epoch)
      ? undefined
      : watched === "test"
      ? rowsAt(measured.mean, kept)
      : (await measure("test", kept)).mean;

    // No await from here on: a checkpoint holds all of this or nothing.
    if (train && this.#objective.adversary) {
      progress.games.push({ epoch, ...meanStanding(progress.standing, this.#stepsPerEpoch) });
    }
    progress.rows.push({
      epoch,
      step: steps,
      learningRate: this.#learningRate(lastStep),
      klWeight: weight,
      train,
      test: undefined,
      validation: undefined,
      [watched]: losses,
    });
    if (codes) {
      progress.snapshots.push(epoch);
      this.#state.latents.push(codes.data);
      const { labels } = this.#dataset.test;
      const told = labels && Array.from(kept, (index) => labels[index]!);
      this.#state.decoded.push(
        decodeSnapshot(this.#decoder, this.#decodedCounts, codes.data, this.#vae, told, seed),
      );
      if (training.manifoldSnapshots !== undefined) {
        const grid = latentGrid(gridCoordinates(training.manifoldSnapshots, PAPER_TAIL));
        this.#state.manifolds.push(this.#decoder.decode(grid).values);
      }
    }
    if (training.earlyStopping && lastStep >= this.#settledFrom) {
      // What is optimised, where it follows from the two terms.
      const loss = losses.objective ?? losses.loss;
      if (!progress.best || loss < progress.best.loss - training.earlyStopping.minimumImprovement) {
        progress.best = { epoch, loss };
        this.#state.bestWeights = this.#state.weights();
      }
    }
    this.#state.beginEpoch(epoch);
  }

  #latentIndices(): Uint32Array {
    return sampleIndices(this.#context.slice.seed, "test", this.#dataset.test.examples, LATENT_EXAMPLES);
  }

  #stopsEarly(): boolean {
    const { earlyStopping } = this.#context.slice.training;
    const { best, epoch } = this.#state.progress;
    return earlyStopping !== undefined && best !== null && epoch - best.epoch >= earlyStopping.patience;
  }

  result(): TrainingResult {
    const { rows, games, snapshots, best, epoch } = this.#state.progress;
    const last = games.at(-1);
    if (last) collapses(last).forEach((notice) => this.#context.notice(notice));
    return {
      weights: best ? this.#state.bestWeights : this.#state.weights(),
      epoch: best?.epoch ?? epoch,
      epochsDone: epoch,
      rows,
      games,
      snapshots,
      latentExamples: this.#latentIndices(),
      latents: this.#state.latents,
      decoded: this.#state.decoded,
      decodedCounts: this.#decodedCounts,
      manifolds: this.#state.manifolds,
    };
  }
}
