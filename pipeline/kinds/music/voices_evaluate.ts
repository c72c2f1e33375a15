import type { CopyMetrics, VoiceMetrics, VoiceSource } from "../../artifacts/music_metrics.ts";
import { randomStream } from "../../base/random.ts";
import { rollOfVoices, type Voices, voicesTogether } from "../../formats/voices.ts";
import { rollAt, rollCount, type RollSet } from "../../metrics/music.ts";
import { chordChain } from "../../metrics/voices/chord_chain.ts";
import { SATB_RANGES } from "../../metrics/voices/leading.ts";
import {
  countsTogether,
  countVoices,
  type VoiceCounts,
  voiceDistances,
  voiceStatistics,
} from "../../metrics/voices/statistics.ts";

/** Rolls by voice, in which copies are counted by `copiesOf`. */
export interface VoiceSets {
  /** What the voices are called. */
  readonly names: readonly string[];
  /** Windows of the training part, in its transpositions. */
  readonly training: RollSet;
  readonly test: RollSet;
  /** The piece that each test window is of. */
  readonly testPieces: readonly number[];
  readonly prior: RollSet;
  readonly posterior: RollSet;
}

/** Measures voices: of held-out music, of what the model makes, and of a Markov chain of chords. */
export function measureVoices(
  seed: number,
  { names, training, test, testPieces, prior, posterior }: VoiceSets,
  copiesOf: (rolls: RollSet) => CopyMetrics,
): VoiceMetrics {
  const chain = chainRolls(seed, training, rollCount(prior));
  const known = eachOf(training).map(counted);
  const heldOut = byPiece(eachOf(test).map(counted), testPieces);
  const described = (
    source: VoiceSource,
    rolls: RollSet,
    pieces: VoiceCounts[],
    reference: VoiceCounts[],
  ) => {
    const draws = randomStream(seed, `bootstrap of voices/${source}`);
    return {
      pieces: pieces.length,
      ...voiceStatistics(pieces, draws),
      distances: voiceDistances(pieces, reference, draws),
      copies: copiesOf(rolls),
    };
  };
  const generated = (source: VoiceSource, rolls: RollSet) =>
    described(source, rolls, eachOf(rolls).map(counted), heldOut);
  return {
    names,
    ranges: SATB_RANGES,
    sets: {
      test: described("test", test, heldOut, known),
      prior: generated("prior", prior),
      posterior: generated("posterior", posterior),
      chain: generated("chain", chain),
    },
  };
}

/** Windows of a Markov chain of the chords of training windows. */
function chainRolls(seed: number, training: RollSet, count: number): RollSet {
  const { format, length } = training;
  const chain = chordChain(eachOf(training)), stream = randomStream(seed, "chord chain");
  const windows = Array.from({ length: count }, () => chain.sample(length, stream));
  const voices = voicesTogether(windows);
  return { format, length, cells: rollOfVoices(voices, format).cells, voices };
}

function eachOf(rolls: RollSet): Voices[] {
  return Array.from({ length: rollCount(rolls) }, (_, i) => rollAt(rolls, i).voices!);
}

function counted(voices: Voices): VoiceCounts {
  return countVoices(voices, SATB_RANGES);
}

function byPiece(windows: readonly VoiceCounts[], pieces: readonly number[]): VoiceCounts[] {
  const groups = Map.groupBy(windows, (_, i) => pieces[i]!);
  return [...groups.values()].map(countsTogether);
}
