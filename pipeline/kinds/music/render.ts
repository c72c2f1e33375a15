import type { Sound } from "../../artifacts/figures_json.ts";
import { readArtifact } from "../../artifacts/artifact.ts";
import { METRICS_JSON } from "../../artifacts/metrics_json.ts";
import { musicMetrics } from "../../artifacts/music_metrics.ts";
import { randomStream } from "../../base/random.ts";
import type { Drawn, FigureData } from "../../figures/figure.ts";
import type { MusicFigureData } from "../../figures/kinds.ts";
import { rollNotes } from "../../formats/piano_roll.ts";
import type { CompiledDecoder } from "../../inference/decoder.ts";
import type { RenderedStage } from "../kind.ts";
import { generateRolls, scoreOf, tempoOf } from "./generation.ts";
import { writeMidi } from "./midi.ts";
import { decodeWindows, musicInfo } from "./music.ts";
import { metreNamed } from "./piano_roll.ts";
import { rollsOfPart } from "./rolls.ts";
import type { Generation } from "./schema.ts";

/** Adds what is known of the music, and how codes become rolls. */
export async function figureData(
  stage: RenderedStage,
  common: FigureData,
  decoder: CompiledDecoder,
  choices: unknown,
): Promise<MusicFigureData> {
  const music = musicInfo(common.info);
  const generation = choices as Generation;
  const metrics = musicMetrics(await readArtifact(stage, METRICS_JSON));
  return {
    ...common,
    music,
    generation,
    windows: decodeWindows(await Deno.readTextFile(stage.input("preprocess/windows.csv"))),
    metrics: metrics!,
    tempoOf: (label) => tempoOf(music, label),
    rolls: (part, indices) => rollsOfPart(music, part, indices),
    generate: (codes, stream, labels) =>
      generateRolls(decoder, codes, music, generation, randomStream(common.seed, `cells/${stream}`), labels),
  };
}

/** Writes a MIDI file for each row of the figure. */
export async function writeSounds(
  { output }: RenderedStage,
  figure: string,
  { sounds = [] }: Drawn,
  { info }: FigureData,
): Promise<Sound[]> {
  const music = musicInfo(info);
  return await Promise.all(sounds.map(async ({ title, roll, tempo, bars }, i) => {
    const file = `midi/${figure}-${String(i + 1).padStart(2, "0")}.mid`;
    await Deno.writeFile(
      output(file),
      writeMidi(
        scoreOf(roll, title, bars ? metreNamed(bars.metre) : music.metre, tempo, music.voices?.names),
      ),
    );
    return {
      title,
      file,
      secondsPerStep: 60 / tempo / music.format.stepsPerQuarter,
      notes: rollNotes(roll).map(({ pitch, onset, end }) => [pitch, onset, end] as const),
    };
  }));
}
