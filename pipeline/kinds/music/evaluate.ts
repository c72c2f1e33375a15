import { bytesOf, type Part } from "../../artifacts/dataset.ts";
import type { CopyMetrics, MusicMetrics, StatisticsMetrics } from "../../artifacts/music_metrics.ts";
import { finiteOrNull } from "../../base/json.ts";
import { randomStream } from "../../base/random.ts";
import { placeInBar } from "../../formats/bars.ts";
import { compileDecoder } from "../../inference/decoder.ts";
import { exampleKl, type ExampleLosses, sampleIndices } from "../../inference/example_losses.ts";
import { sampleAggregatePosterior } from "../../inference/aggregate_posterior.ts";
import { measuredPart, type Subject } from "../../inference/subject.ts";
import { meanAndError, ratioError } from "../../metrics/importance.ts";
import { rowsAt } from "../../metrics/matrix.ts";
import {
  knownGrooves,
  likelyBars,
  musicDistances,
  type MusicStatistics,
  musicStatistics,
  type RollSet,
  transposed,
} from "../../metrics/music.ts";
import { copyRate, nearestPassages, type Stretch, stretchesOf } from "../../metrics/music_copies.ts";
import { pitchFrequencyNll, previousFrameNll } from "../../metrics/music_likelihood.ts";
import { symbolChainNll, symbolFrequencyNll } from "../../metrics/voice_likelihood.ts";
import { symbolsOf } from "../../formats/voice_symbols.ts";
import { rollsOfPart } from "./rolls.ts";
import { noteScores } from "../../metrics/music_notes.ts";
import { samplePrior } from "../../inference/prior.ts";
import type { MeasuredBounds, RenderedStage } from "../kind.ts";
import { generateRolls } from "./generation.ts";
import { measureVoices } from "./voices_evaluate.ts";
import { decodeWindows, type MusicInfo, musicInfo } from "./music.ts";
import type { Generation } from "./schema.ts";
import type { Window, WindowSplit } from "./windows.ts";

/** Rolls that statistics are taken of, in each set. */
const ROLLS = 400;
/** Training windows that baselines are fitted to and statistics are taken of. */
const TRAINING_ROLLS = 4000;
/** Steps of training music that copies are looked for in: another piece is added up to here. */
const MOST_STEPS = 100_000;

/** Measures the notes and bars of what the model makes. @param losses those of all test windows */
export async function measure(
  subject: Subject,
  losses: ExampleLosses,
  generation: unknown,
  stage: Pick<RenderedStage, "input">,
  importance: MeasuredBounds,
): Promise<{ readonly music: MusicMetrics }> {
  const windows = decodeWindows(await Deno.readTextFile(stage.input("preprocess/windows.csv")));
  return { music: await measureMusic(subject, losses, generation as Generation, windows, importance) };
}

async function measureMusic(
  subject: Subject,
  losses: ExampleLosses,
  generation: Generation,
  windows: WindowSplit,
  importance: MeasuredBounds,
): Promise<MusicMetrics> {
  const { seed, dataset, engine, vae, parameters, report, pause } = subject;
  const { train, test } = dataset;
  const info = musicInfo(dataset.info);
  report(0.7, "notes and bars");
  const decoder = compileDecoder(engine, parameters, vae, dataset.info.shape);
  const chosen = sampleIndices(seed, "rolls of test", test.examples, ROLLS);
  const trained = sampleIndices(seed, "rolls of train", train.examples, TRAINING_ROLLS);
  const lengthsAt = (part: readonly Window[], indices: Uint32Array) =>
    Array.from(indices, (index) => stepsOf(part[index]!, info));
  const training = { ...rollsOfPart(info, train, trained), steps: lengthsAt(windows.train, trained) };
  const data = { ...rollsOfPart(info, test, chosen), steps: lengthsAt(windows.test, chosen) };
  const decode = (codes: Float32Array, name: string, labels?: ArrayLike<number>) =>
    generateRolls(decoder, codes, info, generation, randomStream(seed, `cells/evaluate ${name}`), labels);
  const labels = Array.from(chosen, (index) => test.labels[index]!);
  // What fills a window up has nothing to be like.
  const reconstructions = {
    ...decode(rowsAt(losses.mean, chosen).data, "reconstructions", labels),
    steps: data.steps,
  };
  await pause();
  const codes = samplePrior(subject, seed, "evaluate/prior", ROLLS);
  const samples = decode(codes, "prior samples");
  await pause();
  // Of rolls whose voices are not told apart nothing more is measured.
  const near = info.voices &&
    sampleAggregatePosterior(subject, measuredPart(subject, "train"), "evaluate/posterior", ROLLS);
  const posterior = near && decode(near.codes, "posterior samples", near.labels);
  decoder.dispose();
  await pause();

  const grooves = knownGrooves(
    training,
    Array.from(trained, (index) => {
      const { piece, start } = windows.train[index]!;
      return placeInBar(info.pieces[piece]!.metres, start);
    }),
  );
  const statistics = (set: RollSet) => musicStatistics(set, likelyBars(set, grooves), info.stepsPerBar);
  const described = {
    train: statistics(training),
    test: statistics(data),
    reconstructions: statistics(reconstructions),
    samples: statistics(samples),
  };
  await pause();
  const order = randomStream(seed, "pieces sought in").permutation(info.pieces.length);
  const stretches = stretchesOf(rollsOfPart(info, train), windows.train, order, MOST_STEPS);
  const copies = { samples: copiesOf(samples, stretches), test: copiesOf(data, stretches) };
  await pause();
  const testPieces = Array.from(chosen, (index) => windows.test[index]!.piece);
  const voices = posterior &&
    measureVoices(
      seed,
      { names: info.voices!.names, training, test: data, testPieces, prior: samples, posterior },
      (rolls) => copiesOf(rolls, stretches),
    );
  await pause();
  const lengths = windows.test.map((window) => stepsOf(window, info));
  const perExample = lengths.reduce((sum, steps) => sum + steps, 0) / test.examples;
  const perStep = (values: ArrayLike<number>) => meanAndError(values).mean / perExample;
  const [reconstruction, kl] = [perStep(losses.reconstruction), perStep(exampleKl(losses))];
  return {
    split: { method: info.splitMethod, ...info.leak },
    frameNll: {
      model: reconstruction + kl,
      reconstruction,
      kl,
      importance: {
        model: -importance.logLikelihood / perExample,
        standardError: finiteOrNull(
          ratioError(importance.bounds, Array.from(importance.indices, (i) => lengths[i]!)),
        ),
        samples: importance.samples,
        examples: importance.indices.length,
      },
      ...baselines(info, train, trained, training, test, windows),
    },
    rolls: chosen.length,
    trainingRolls: trained.length,
    reconstruction: noteScores(data, reconstructions),
    statistics: {
      train: asNumbers(described.train),
      test: asNumbers(described.test),
      reconstructions: asNumbers(described.reconstructions),
      samples: asNumbers(described.samples),
    },
    distances: {
      // Training windows are there in every transposition; those of the test are not.
      test: musicDistances(described.train, transposed(described.test, info.transpositions)),
      reconstructions: musicDistances(described.test, described.reconstructions),
      samples: musicDistances(described.train, described.samples),
    },
    ...(voices ? { voices } : {}),
    copies,
  };
}

/** What is known of test windows without a model. @param trained training windows that are counted, as `training` has them */
function baselines(
  info: MusicInfo,
  train: Part,
  trained: Uint32Array,
  training: RollSet,
  test: Part,
  windows: WindowSplit,
): Pick<MusicMetrics["frameNll"], "byVoice" | "previousFrame" | "pitchFrequencies"> {
  const { voices, length } = info;
  if (voices) {
    const symbols = (examples: Uint8Array) => ({
      length,
      voices: voices.names.length,
      symbols: symbolsOf(voices),
      examples,
    });
    const [learnt, measured] = [
      symbols(rowsAt({ columns: train.size, data: bytesOf(train) }, trained).data),
      symbols(bytesOf(test)),
    ];
    return {
      byVoice: true,
      previousFrame: symbolChainNll(learnt, measured),
      pitchFrequencies: symbolFrequencyNll(learnt, measured),
    };
  }
  const measured = { ...rollsOfPart(info, test), steps: windows.test.map((window) => stepsOf(window, info)) };
  return {
    previousFrame: previousFrameNll(training, measured),
    pitchFrequencies: pitchFrequencyNll(training, measured),
  };
}

/** The steps of a window that its piece has: where that is shorter, the rest is filled up. */
function stepsOf({ piece, start }: Window, { length, pieces }: MusicInfo): number {
  return Math.min(length, pieces[piece]!.steps - start);
}

function copiesOf(rolls: RollSet, stretches: readonly Stretch[]): CopyMetrics {
  const nearest = nearestPassages(rolls, stretches);
  const sum = nearest.reduce((total, { dissimilarity }) => total + dissimilarity, 0);
  return { rate: copyRate(nearest), meanDissimilarity: sum / nearest.length };
}

function asNumbers(statistics: MusicStatistics): StatisticsMetrics {
  const { pitchClasses, polyphony, groove, durations, ...rest } = statistics;
  return {
    ...rest,
    pitchClasses: Array.from(pitchClasses),
    polyphony: withoutTail(polyphony),
    groove: groove.map(({ metre, onsets }) => ({ metre, onsets: Array.from(onsets) })),
    durations: withoutTail(durations),
  };
}

/** The shares up to the last that is not 0. */
function withoutTail(shares: Float64Array): number[] {
  return Array.from(shares.subarray(0, shares.findLastIndex((share) => share > 0) + 1));
}
