import type { Sound } from "../../artifacts/figures_json.ts";
import type { EvaluationMetrics } from "../../artifacts/metrics_json.ts";
import { randomStream } from "../../base/random.ts";
import type { Drawn, FigureData } from "../../figures/figure.ts";
import type { MusicFigureData } from "../../figures/kinds.ts";
import { generateRolls, scoreOf } from "../../kinds/music/generation.ts";
import { writeMidi } from "../../kinds/music/midi.ts";
import { decodeWindows } from "../../kinds/music/music.ts";
import { rollNotes } from "../../kinds/music/piano_roll.ts";
import type { Decoder } from "../../inference/decoder.ts";
import type { RenderContext } from "./context.ts";

export async function figureData(
  context: RenderContext,
  common: FigureData,
  decoder: Decoder,
): Promise<MusicFigureData> {
  const { slice: { seed, generation } } = context;
  const { info: { music } } = common;
  if (!music || !generation) throw new TypeError("Cannot draw figures of music: the data are none");
  const { music: metrics }: EvaluationMetrics = JSON.parse(
    await Deno.readTextFile(context.input("evaluate/metrics.json")),
  );
  return {
    ...common,
    music,
    generation,
    windows: decodeWindows(await Deno.readTextFile(context.input("preprocess/windows.csv"))),
    metrics: metrics!,
    generate: (codes, stream) =>
      generateRolls(decoder, codes, music, generation, randomStream(seed, `cells/${stream}`)),
  };
}

/** Writes a MIDI file for each row of the figure. */
export async function writeSounds(
  context: RenderContext,
  figure: string,
  { sounds = [] }: Drawn,
  { info: { music } }: FigureData,
): Promise<Sound[]> {
  return await Promise.all(sounds.map(async ({ title, roll, tempo }, i) => {
    const file = `midi/${figure}-${String(i + 1).padStart(2, "0")}.mid`;
    await Deno.writeFile(context.output(file), writeMidi(scoreOf(roll, title, music!, tempo)));
    return {
      title,
      file,
      secondsPerStep: 60 / tempo / music!.format.stepsPerQuarter,
      notes: rollNotes(roll).map(({ pitch, onset, end }) => [pitch, onset, end] as const),
    };
  }));
}
