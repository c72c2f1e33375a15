import { sampleBinary } from "../../vae/sample_binary.ts";
import {
  type DatasetInfo,
  gather,
  type Part,
  type PartName,
  type UnlabelledPart,
} from "../../artifacts/dataset.ts";
import { densityOf } from "./density.ts";
import { addNoise } from "../../vae/input_noise.ts";
import type { Engine, Parameters, TrainingStep } from "../../engine/engine.ts";
import type { OptimiserModule } from "../../engine/update/optimisers/optimiser.ts";
import { randomStream } from "../../base/random.ts";
import type { KlSpec, ModelSpec, ObjectiveChoice } from "../../spec/schema.ts";
import type { TrainingSpec } from "../../spec/experiment.ts";
import { elboTerms, gameOf, hideSteps, trainingLoss } from "../../vae/elbo.ts";
import type { StageContext } from "../../graph/stage.ts";
import type { KlScheduleModule } from "../../vae/kl_schedules/kl_schedule.ts";
import type { Discriminator, Objective, ObjectiveModule } from "../../vae/objectives/objective.ts";
import type { LearningRateModule } from "../../vae/learning_rates/learning_rate.ts";
import type { Vae } from "../../vae/vae.ts";
import { marginalTerms } from "../../vae/marginal.ts";
import type { ClassPosterior } from "../../vae/class_posterior.ts";
import { tellClasses } from "../../inference/conditions.ts";
import { FewLabels } from "./labels.ts";
import type { ModelRoles } from "../roles.ts";

/** The part of a spec that can change a training. */
export interface TrainSlice {
  readonly seed: number;
  readonly model: ModelSpec;
  readonly objective: ObjectiveChoice;
  readonly kl: KlSpec;
  readonly training: TrainingSpec;
  readonly engine: string;
}

/** The variants that training loads. */
export interface TrainRoles extends ModelRoles {
  readonly objective: ObjectiveModule;
  readonly optimiser: OptimiserModule;
  readonly klSchedule: KlScheduleModule;
  readonly learningRate: LearningRateModule;
}

/** What the stage is given. */
export type TrainContext = StageContext<TrainSlice, null, TrainRoles>;

/** Networks that are trained with the model. */
export interface Companions {
  /** Where the objective has an adversary. */
  readonly discriminator?: Discriminator | undefined;
  /** Where the objective says whose labels it sees. */
  readonly classPosterior?: ClassPosterior | undefined;
}

type Numbers = Readonly<Record<string, number>>;

/** A part as training sees it: without labels, unless the model is told them. */
export type TrainingPart = UnlabelledPart & Partial<Pick<Part, "labels">>;
/** The data as training sees them. */
export type TrainingData = { readonly info: DatasetInfo } & Readonly<Record<PartName, TrainingPart>>;

/**
 * One update of the parameters from one batch. All randomness is drawn from streams that are numbered by step, so
 * a step is the same whatever came before it in this process.
 */
export class Update {
  readonly #slice: TrainSlice;
  readonly #dataset: TrainingData;
  readonly #step: TrainingStep;
  readonly #wordDropout: number;
  readonly #classes: number;
  /** Where few labels are told. */
  readonly #labels: FewLabels | undefined;
  /** Whether examples are bytes that are used as they are, so that the engine can take them from the whole dataset. */
  readonly #takesExamples: boolean;

  constructor(
    slice: TrainSlice,
    objective: Objective,
    dataset: TrainingData,
    engine: Engine,
    vae: Vae,
    parameters: Parameters,
    { discriminator, classPosterior }: Companions = {},
  ) {
    const { model, kl: { freeBits }, training } = slice;
    const { samples, comparesExamples, drawsFromPrior = false, labels } = objective;
    const trainingExamples = dataset.train.examples;
    const { batchSize, inputNoise } = training;
    this.#slice = slice;
    this.#dataset = dataset;
    this.#classes = vae.classes;
    this.#labels = labels && new FewLabels(slice.seed, labels, dataset.train.labels!, vae.classes);
    this.#wordDropout = vae.autoregression?.wordDropout ?? 0;
    const examples = { shape: [batchSize, dataset.train.size], batched: true };
    const { images: bytes, scale } = dataset.train;
    const areTaken = dataset.info.binarisation !== "dynamic" && inputNoise === undefined;
    const taken = areTaken && bytes instanceof Uint8Array ? { examples: { bytes, scale } } : undefined;
    this.#takesExamples = taken !== undefined;
    const density = densityOf(dataset.train, dataset.info.binarisation === "dynamic");
    this.#step = engine.compileStep({
      parameters,
      // The bound of free bits is on the mean over the batch; of a half it would be another.
      ...(freeBits > 0 || comparesExamples ? { parts: 1 } : {}),
      inputs: {
        x: {
          ...examples,
          density,
          ...taken,
        },
        ...(inputNoise === undefined ? {} : { corrupted: examples }),
        ...(vae.autoregression
          ? { keepMask: { shape: [batchSize, vae.autoregression.steps], batched: true } }
          : {}),
        ...(vae.classes > 0 ? { y: { shape: [batchSize, vae.classes], batched: true } } : {}),
        ...(labels
          ? {
            labelled: { ...examples, density },
            labels: { shape: [batchSize, vae.classes], batched: true },
          }
          : {}),
        noise: { shape: [batchSize, samples * model.latentSize], batched: true },
        ...(drawsFromPrior
          ? {
            priorNoise: { shape: [batchSize, model.latentSize], batched: true },
            priorChoice: { shape: [batchSize, 1], batched: true },
          }
          : {}),
        klWeight: { shape: [], batched: false },
      },
      step: ({ x, corrupted, keepMask, y, labelled, labels, noise, priorNoise, priorChoice, klWeight }) => {
        const teacherInput = keepMask && hideSteps(x!, keepMask);
        const given = vae.given(y);
        const terms = classPosterior
          ? marginalTerms(
            vae,
            classPosterior,
            { x: x!, y: y!, noise: noise!, corrupted, teacherInput },
            { x: labelled!, y: labels! },
          )
          : elboTerms(given, x!, noise!, { samples, corrupted, teacherInput });
        const priorCodes = priorNoise && vae.prior.sample(priorNoise, priorChoice!);
        return trainingLoss(objective, {
          ...terms,
          ...(priorCodes ? { priorCodes } : {}),
          ...(discriminator
            ? { game: gameOf(given, discriminator, { x: x!, z: terms.z, priorCodes: priorCodes! }) }
            : {}),
          klWeight: klWeight!,
          freeBits,
          trainingExamples,
        });
      },
    });
  }

  /** Whether steps wait until they are collected. */
  get isDeferred(): boolean {
    return this.#step.isDeferred;
  }

  /**
   * @param step counted from the start of training
   * @param batch indices of training examples
   */
  enqueue(step: number, batch: Uint32Array, klWeight: number, learningRate: number) {
    const { seed, training } = this.#slice;
    const { train, info } = this.#dataset;
    const { x, corrupted, keepMask, y, labelled, labels, noise, priorNoise, priorChoice, klWeight: weight } =
      this.#step.inputs;
    if (this.#takesExamples) x!.set(batch);
    else gather(train, batch, x!);
    if (info.binarisation === "dynamic") sampleBinary(x!, randomStream(seed, "binarisation", step));
    if (corrupted) addNoise(x!, training.inputNoise!, randomStream(seed, "input noise", step), corrupted);
    if (keepMask) {
      randomStream(seed, "word dropout", step).fillUniform(keepMask);
      keepMask.forEach((value, i) => keepMask[i] = Number(value >= this.#wordDropout));
    }
    if (this.#labels) {
      this.#labels.tell(y!, batch);
      gather(train, this.#labels.choose(step, training.batchSize, labels!), labelled!);
      if (info.binarisation === "dynamic") {
        sampleBinary(labelled!, randomStream(seed, "binarisation of labelled examples", step));
      }
    } else tellClasses(y, this.#classes, train.labels, batch);
    randomStream(seed, "noise", step).fillNormal(noise!);
    if (priorNoise) randomStream(seed, "prior noise", step).fillNormal(priorNoise);
    if (priorChoice) randomStream(seed, "prior components", step).fillUniform(priorChoice);
    weight![0] = klWeight;
    this.#step.enqueue(learningRate);
  }

  /** The losses of the updates since the last time, in their order, and those of a game's players by their names. */
  collect(): ({ readonly loss: number; readonly reconstruction: number; readonly KL: number } & Numbers)[] {
    return this.#step.collect().map(({ loss, reconstruction, kl, ...ofGame }) => ({
      loss: loss!,
      reconstruction: reconstruction!,
      KL: kl!,
      ...ofGame,
    }));
  }
}
