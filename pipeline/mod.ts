/**
 * What a variant of Reparam is written against: the contract of each kind of variant, and what its code may use.
 *
 * A variant has two halves. Its spec part (`...Spec`, `...Definition`, `Backend`) is what every command reads: schema,
 * checks, words, and the address of its code (`moduleUrl`). Its code (`...Module`) is what a stage loads where a spec
 * names the variant. `docs/how-to-add/` has a page for each kind of variant.
 *
 * Spec parts are written with zod, models in plain `tf.*` of tfjs, figures with d3. All that is random comes from a
 * named stream of the experiment's seed (`randomStream`). What a user can mend is a `UserError`. Losses are in nats,
 * summed over the values of an example.
 *
 * @module
 */

// What a spec may ask, and how a mistake in it is told.
export { type ModuleUrl, moduleUrl } from "./base/module_url.ts";
export type { IsWritten, Path, Problem } from "./base/problem.ts";
export { type VariantSchema, variantUnion } from "./base/variant_union.ts";
export { type Place, UserError, type UserErrorOptions } from "./base/errors.ts";
export type { Json } from "./base/json.ts";
export type { Progress } from "./base/progress.ts";
export { type RandomStream, randomStream } from "./base/random.ts";
export { type Shape, sizeOf } from "./base/shape.ts";
export {
  bytes,
  capital,
  count,
  duration,
  nats,
  type Nouns,
  percent,
  plural,
  short,
  withArticle,
} from "./base/words.ts";

// Architectures.
export type {
  ArchitectureModule,
  ArchitectureSpec,
  Autoregression,
  Decoder,
  DecoderState,
  Encoder,
  LayerShape,
  ModelBase,
} from "./vae/architectures/architecture.ts";
export type { OwnPart } from "./base/own_module.ts";
export type { OwnModel } from "./vae/architectures/own.ts";
export { DENSE_LAYOUT, denseLayer, denseLayers, posteriorLayers } from "./vae/architectures/layers.ts";
export { activation, modelFields, widths } from "./vae/architectures/model_fields.ts";
export { type Activation, ACTIVATION_NAMES } from "./vae/activation_names.ts";
export { type Initialisation, INITIALISATION_NAMES } from "./vae/initialisation_names.ts";
export { ACTIVATIONS, chain, dense, denseStack, type Layer, reshape } from "./vae/layer.ts";
export { Variables } from "./vae/variables.ts";
export type { Posterior } from "./vae/posterior.ts";
export type { Vae } from "./vae/vae.ts";

// Likelihoods.
export type {
  DivergenceReason,
  ExampleTrait,
  Likelihood,
  LikelihoodBase,
  LikelihoodModule,
  LikelihoodSpec,
  LikelihoodTraits,
  OwnLikelihoodWords,
  RowAutoregression,
} from "./vae/likelihoods/likelihood.ts";
export type { ExponentialFamily } from "./metrics/completion.ts";

// Objectives.
export type {
  Adversary,
  Assessment,
  ClassTerms,
  Discriminator,
  Game,
  GameLosses,
  LabelChoice,
  Objective,
  ObjectiveBase,
  ObjectiveConditions,
  ObjectiveModule,
  ObjectiveSpec,
  ObjectiveTerms,
} from "./vae/objectives/objective.ts";
export type { TwinParts } from "./vae/encoder_twin.ts";
export { penalisedKl } from "./vae/elbo.ts";

// Priors.
export type { Prior, PriorBase, PriorModule, PriorParts, PriorSpec } from "./vae/priors/prior.ts";

// Schedules.
export type {
  KlScheduleBase,
  KlScheduleModule,
  KlScheduleSpec,
  TrainingLength,
} from "./vae/kl_schedules/kl_schedule.ts";
export { freeBits } from "./vae/kl_schedules/free_bits.ts";
export { type Ramp, rampFields, rampParts } from "./vae/kl_schedules/ramp.spec.ts";
export { rampWeight } from "./vae/kl_schedules/ramp.ts";
export type {
  LearningRateBase,
  LearningRateModule,
  LearningRateSpec,
} from "./vae/learning_rates/learning_rate.ts";
export { rate } from "./vae/learning_rates/rate.ts";

// Optimisers.
export type { OptimiserBase, OptimiserModule, OptimiserSpec } from "./engine/update/optimisers/optimiser.ts";
export type {
  EntryArithmetic,
  Optimiser,
  StepNow,
  UpdateRule,
  VariableGroup,
  WeightEntry,
} from "./engine/update/rule.ts";
export type { Entry } from "./engine/graph/entrywise.ts";
export {
  decayedGradient,
  flushedWeight,
  SMALLEST,
  SMALLEST_GRADIENT,
  SMALLEST_SQUARE,
} from "./engine/update/decay.ts";

// Engines.
export type { Backend, BackendFallback } from "./engine/backend.ts";
export type {
  CompiledFunction,
  Engine,
  EngineModule,
  ExampleBytes,
  FunctionDefinition,
  NamedTensors,
  Parameters,
  StepDefinition,
  StepInput,
  TrainingStep,
} from "./engine/engine.ts";

// Datasets and where their files come from.
export type { DatasetDefinition } from "./datasets/dataset.ts";
export type { DatasetOrigin, NpmPackage, Places } from "./datasets/origin.ts";
export type { Contents, Credits, DataFile, LeftOut, PassedOver } from "./artifacts/source_json.ts";
export type {
  Delivered,
  Delivery,
  Elsewhere,
  FileHasher,
  SourceDefinition,
  SourceModule,
  SourceSpec,
  WantedDataset,
} from "./datasets/sources/source.ts";
export { ownSource, packagedSource, publishedSource } from "./datasets/sources/sources.ts";
export { imagePairs } from "./kinds/images/image_pairs.ts";
export { type ImageFacts, imageFields, type ImagePair } from "./kinds/images/schema.ts";
export { piecesInFolders } from "./kinds/music/pieces_in_folders.ts";
export { type MusicFacts, musicFields } from "./kinds/music/schema.ts";

// Kinds of data.
export type { DatasetBase } from "./kinds/dataset_base.ts";
export type {
  FigureDefaults,
  KindEvaluation,
  KindRendering,
  KindSampling,
  KindSpec,
  MeasuredBounds,
  MelodyRequest,
  RenderedStage,
  SampledFile,
  SampleRequest,
} from "./kinds/kind.ts";
export type { KindName } from "./kinds/kinds.ts";
export type {
  CheckedSpec,
  ExampleSink,
  PartSizes,
  PreparationModule,
  PreparationSpec,
  PrepareSlice,
  Preparing,
} from "./kinds/preparation.ts";
export type { Prepared } from "./kinds/prepared.ts";
export type { OwnDataFiles, OwnDatasetModule, OwnExamples } from "./kinds/own_dataset.ts";
export type {
  Dataset,
  DatasetInfo,
  Part,
  PartInfo,
  PartName,
  UnlabelledPart,
  Values,
} from "./artifacts/dataset.ts";
export type { ExampleArray, StoredType } from "./artifacts/part_writer.ts";
export { PARTS } from "./artifacts/dataset.ts";
export type { KindReport, ModelTraits, PageSection } from "./report/kind.ts";
export type { CompiledDecoder, Decoded } from "./inference/decoder.ts";
export type { ChooseStep, StepMeans } from "./inference/step_means.ts";
export type { Subject } from "./inference/subject.ts";
export type { ExampleLosses } from "./inference/example_losses.ts";

// Figures and what is measured for them.
export type {
  Complete,
  FigureConditions,
  FigureOf,
  FigureSpec,
  Filled,
  Need,
} from "./figures/figure_spec.ts";
export { studied } from "./figures/figure_spec.ts";
export type {
  Curves,
  Drawn,
  DrawnSound,
  FigureData,
  FigureModule,
  FigureTable,
  ImportanceBound,
  KlPerDimension,
  LearningCurves,
  LikelihoodWords,
  NotDrawn,
  PriorFacts,
  Snapshots,
} from "./figures/figure.ts";
export type { Measured, PictureClassifier, StudyContext, StudyModule, StudyResult } from "./figures/study.ts";
export type {
  Cut,
  DataOfKind,
  FigureKind,
  Harmonisation,
  ImageFigureData,
  Manifolds,
  Music,
  MusicFigureData,
  NoteChoice,
} from "./figures/kinds.ts";
export {
  addText,
  createFigure,
  type Figure,
  type FigureText,
  type Selection,
  type TextOptions,
} from "./figures/drawing/svg.ts";
export {
  type AxisOptions,
  type AxisScale,
  bottomAxis,
  leftAxis,
  padded,
  type Plot,
} from "./figures/drawing/axes.ts";
export { classColour, SERIES, type SeriesName, SIZE, WIDTH } from "./figures/drawing/theme.ts";
export { addGrid, type Grid, type Images, imagesOf, mosaic, selectImages } from "./figures/drawing/image.ts";
export type { Picture } from "./formats/png.ts";
export type { MetreOnGrid } from "./formats/bars.ts";
export type { PianoRoll, RollFormat } from "./formats/piano_roll.ts";
export type { VoiceFormat } from "./formats/voice_symbols.ts";
export type { SungRoll, Voices } from "./formats/voices.ts";
export type { Sound } from "./artifacts/figures_json.ts";
export type {
  CopyMetrics,
  MusicMetrics,
  StatisticsMetrics,
  VoiceMetrics,
  VoiceSetMetrics,
  VoiceSource,
} from "./artifacts/music_metrics.ts";
export type { ElboMetrics, EvaluationMetrics, ProbeMetrics } from "./artifacts/metrics_json.ts";
export type { ArtifactDescription } from "./artifacts/artifacts.ts";
export type { Matrix, MatrixProduct } from "./metrics/matrix.ts";
export type { Moments, Posteriors } from "./metrics/latent.ts";
export type { Labelled } from "./metrics/probe.ts";
export type { Bars, MusicDistances, RollSet } from "./metrics/music.ts";
export type { Estimate } from "./metrics/voices/bootstrap.ts";
export type { VoiceRange } from "./metrics/voices/leading.ts";
export type { RatioName, VoiceDistances, VoiceStatistics } from "./metrics/voices/statistics.ts";
export type { PrecisionRecall } from "./metrics/music_notes.ts";
export type { Markup } from "./report/markup.ts";
export type { InstalledPackage } from "./report/installed_package.ts";

// Experiments for programs.
export { experiment } from "./library/experiment.ts";
export type {
  ExperimentEvent,
  ExperimentOptions,
  FinishedRun,
  LoadedSpec,
  OpenModel,
  RunOptions,
} from "./library/contract.ts";
export type { EpochMetrics, Losses, LossTerm } from "./artifacts/metrics_csv.ts";
export type { NpyArray, NpyData } from "./formats/npy.ts";
