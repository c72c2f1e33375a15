import type { Sound } from "../../artifacts/figures_json.ts";
import type { EvaluationMetrics } from "../../artifacts/metrics_json.ts";
import { randomStream } from "../../base/random.ts";
import type { Drawn, FigureData } from "../../figures/figure.ts";
import type { MusicFigureData } from "../../figures/kinds.ts";
import { rollNotes } from "../../formats/piano_roll.ts";
import type { Decoder } from "../../inference/decoder.ts";
import type { RenderedStage } from "../kind.ts";
import { generateRolls, scoreOf, tempoOf } from "./generation.ts";
import { writeMidi } from "./midi.ts";
import { decodeWindows } from "./music.ts";
import type { Generation } from "./schema.ts";

export async function figureData(
  { input }: RenderedStage,
  common: FigureData,
  decoder: Decoder,
  choices: unknown,
): Promise<MusicFigureData> {
  const music = common.info.music!;
  const generation = choices as Generation;
  const { music: metrics }: EvaluationMetrics = JSON.parse(
    await Deno.readTextFile(input("evaluate/metrics.json")),
  );
  return {
    ...common,
    music,
    generation,
    windows: decodeWindows(await Deno.readTextFile(input("preprocess/windows.csv"))),
    metrics: metrics!,
    tempoOf: (label) => tempoOf(music, label),
    generate: (codes, stream) =>
      generateRolls(decoder, codes, music, generation, randomStream(common.seed, `cells/${stream}`)),
  };
}

/** Writes a MIDI file for each row of the figure. */
export async function writeSounds(
  { output }: RenderedStage,
  figure: string,
  { sounds = [] }: Drawn,
  { info }: FigureData,
): Promise<Sound[]> {
  const music = info.music!;
  return await Promise.all(sounds.map(async ({ title, roll, tempo }, i) => {
    const file = `midi/${figure}-${String(i + 1).padStart(2, "0")}.mid`;
    await Deno.writeFile(output(file), writeMidi(scoreOf(roll, title, music, tempo)));
    return {
      title,
      file,
      secondsPerStep: 60 / tempo / music.format.stepsPerQuarter,
      notes: rollNotes(roll).map(({ pitch, onset, end }) => [pitch, onset, end] as const),
    };
  }));
}
