import { bytesOf, type Part } from "../../artifacts/dataset.ts";
import { type MusicInfo, musicInfo } from "./music.ts";
import { rowsAt } from "../../metrics/matrix.ts";
import { musicDistances, type MusicStatistics, musicStatistics, type RollSet } from "../../metrics/music.ts";
import { copyRate, nearestRolls } from "../../metrics/music_copies.ts";
import { pitchFrequencyNll, previousFrameNll } from "../../metrics/music_likelihood.ts";
import { noteScores } from "../../metrics/music_notes.ts";
import { randomStream } from "../../base/random.ts";
import { compileDecoder } from "../../inference/decoder.ts";
import type { CopyMetrics, MusicMetrics, StatisticsMetrics } from "../../artifacts/music_metrics.ts";
import { type ExampleLosses, sampleIndices } from "../../inference/example_losses.ts";
import { generateRolls } from "./generation.ts";
import type { Subject } from "../../inference/subject.ts";
import type { Generation } from "./schema.ts";

/** Rolls that statistics are taken of, in each set. */
const ROLLS = 400;
/** Training windows that baselines are fitted to and copies are looked for among. */
const TRAINING_ROLLS = 4000;

/** Measures the notes and bars of what the model makes. @param losses those of all test windows */
export async function measure(
  subject: Subject,
  losses: ExampleLosses,
  generation: unknown,
): Promise<{ readonly music: MusicMetrics }> {
  return { music: await measureMusic(subject, losses, generation as Generation) };
}

async function measureMusic(
  { seed, dataset, engine, vae, parameters, report, pause }: Subject,
  losses: ExampleLosses,
  generation: Generation,
): Promise<MusicMetrics> {
  const { train, test } = dataset;
  const info = musicInfo(dataset.info)!;
  report(0.97, "notes and bars");
  const decoder = compileDecoder(engine, parameters, vae, dataset.info.shape);
  const chosen = sampleIndices(seed, "rolls of test", test.examples, ROLLS);
  const training = rollSet(
    info,
    train,
    sampleIndices(seed, "rolls of train", train.examples, TRAINING_ROLLS),
  );
  const data = rollSet(info, test, chosen);
  const decode = (codes: Float32Array, name: string) =>
    generateRolls(decoder, codes, info, generation, randomStream(seed, `cells/evaluate ${name}`));
  const reconstructions = decode(rowsAt(losses.mean, chosen).data, "reconstructions");
  await pause();
  const noise = new Float32Array(ROLLS * vae.latentSize);
  const samples = decode(randomStream(seed, "evaluate/prior").fillNormal(noise), "prior samples");
  decoder.dispose();
  await pause();

  const statistics = (set: RollSet) => musicStatistics(set, info.stepsPerBar);
  const described = {
    train: statistics(training),
    test: statistics(data),
    reconstructions: statistics(reconstructions),
    samples: statistics(samples),
  };
  await pause();
  const reconstruction = losses.reconstruction.reduce((sum, loss) => sum + loss, 0);
  const copies = {
    samples: copiesOf(samples, training),
    test: copiesOf(data, training),
  };
  await pause();
  return {
    split: { method: info.splitMethod, ...info.leak },
    frameNll: {
      model: reconstruction / losses.reconstruction.length / info.length,
      previousFrame: previousFrameNll(training, rollSet(info, test)),
      pitchFrequencies: pitchFrequencyNll(training, rollSet(info, test)),
    },
    rolls: chosen.length,
    trainingRolls: TRAINING_ROLLS < train.examples ? TRAINING_ROLLS : train.examples,
    reconstruction: noteScores(data, reconstructions),
    statistics: {
      train: asNumbers(described.train),
      test: asNumbers(described.test),
      reconstructions: asNumbers(described.reconstructions),
      samples: asNumbers(described.samples),
    },
    distances: {
      test: musicDistances(described.train, described.test),
      reconstructions: musicDistances(described.test, described.reconstructions),
      samples: musicDistances(described.train, described.samples),
    },
    copies,
  };
}

function rollSet({ format, length }: MusicInfo, part: Part, indices?: Uint32Array): RollSet {
  const data = bytesOf(part);
  return { format, length, cells: indices ? rowsAt({ columns: part.size, data }, indices).data : data };
}

function copiesOf(rolls: RollSet, train: RollSet): CopyMetrics {
  const nearest = nearestRolls(rolls, train);
  const sum = nearest.reduce((total, { dissimilarity }) => total + dissimilarity, 0);
  return { rate: copyRate(nearest), meanDissimilarity: sum / nearest.length };
}

function asNumbers(statistics: MusicStatistics): StatisticsMetrics {
  const { pitchClasses, polyphony, groove, durations, ...rest } = statistics;
  return {
    ...rest,
    pitchClasses: Array.from(pitchClasses),
    polyphony: withoutTail(polyphony),
    groove: Array.from(groove),
    durations: withoutTail(durations),
  };
}

/** The shares up to the last that is not 0. */
function withoutTail(shares: Float64Array): number[] {
  return Array.from(shares.subarray(0, shares.findLastIndex((share) => share > 0) + 1));
}
