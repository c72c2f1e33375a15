import { capital } from "../../base/words.ts";
import type { MetreOnGrid } from "../../formats/bars.ts";
import type { MusicalKey } from "../../formats/keys.ts";
import { writeMusicXml } from "../../formats/musicxml.ts";
import type { SungRoll, Voices } from "../../formats/voices.ts";
import { estimateKey, pitchClassDurations } from "../../metrics/keys.ts";
import type { Bars } from "../../metrics/music.ts";
import { writeMidi } from "./midi.ts";
import type { MusicInfo } from "./music.ts";
import { metreNamed, rollToScore, voicesToScore } from "./piano_roll.ts";

/** What a roll does not say of itself. */
export interface ScoreFacts {
  readonly title: string;
  /** Quarter notes a minute. */
  readonly tempo: number;
  /** Its metre and where in the bar it begins, where it is of a piece. */
  readonly bars?: Bars | undefined;
}

/** A roll as files that people open. */
export interface ScoreFiles {
  /** A Standard MIDI File, with a track for each voice where voices are told apart. */
  readonly midi: Uint8Array;
  /** MusicXML, where voices are told apart. */
  readonly musicXml?: string;
}

/** Writes a roll as MIDI, and as a score where voices are told apart: in the key that is estimated of its notes. */
export function scoreFiles(
  roll: SungRoll,
  { title, tempo, bars }: ScoreFacts,
  { format, voices: symbols, metre, stepsPerBar }: Pick<
    MusicInfo,
    "format" | "voices" | "metre" | "stepsPerBar"
  >,
): ScoreFiles {
  const options = {
    title,
    metre: bars ? metreNamed(bars.metre) : metre,
    microsecondsPerQuarter: Math.round(6e7 / tempo),
  };
  const { voices } = roll;
  if (!voices || !symbols) return { midi: writeMidi(rollToScore(roll, options)) };
  const key = keyOf(voices);
  const name = `${options.metre.numerator}/${options.metre.denominator}`;
  return {
    midi: writeMidi(voicesToScore(voices, symbols.names, format, { ...options, ...(key ? { key } : {}) })),
    musicXml: writeMusicXml({
      title,
      voices,
      names: symbols.names.map(capital),
      stepsPerQuarter: format.stepsPerQuarter,
      metres: metresFrom(bars ?? { metre: name, stepsPerBar, stepOfBar: 0 }),
      tempo,
      key,
    }),
  };
}

/** The estimated key; undefined where nothing sounds. */
function keyOf(voices: Voices): MusicalKey | undefined {
  const durations = pitchClassDurations(voices);
  return durations.some((duration) => duration > 0) ? estimateKey(durations) : undefined;
}

/** The metres of what begins within a bar: what is left of it is a pickup. */
function metresFrom({ metre, stepsPerBar, stepOfBar }: Bars): MetreOnGrid[] {
  const from = (step: number) => ({ step, metre, stepsPerBar });
  return stepOfBar === 0 ? [from(0)] : [from(0), from(stepsPerBar - stepOfBar)];
}
