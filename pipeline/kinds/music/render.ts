import type { Sound } from "../../artifacts/figures_json.ts";
import { readArtifact } from "../../artifacts/artifact.ts";
import { METRICS_JSON } from "../../artifacts/metrics_json.ts";
import { musicMetrics } from "../../artifacts/music_metrics.ts";
import { randomStream } from "../../base/random.ts";
import type { Drawn, FigureData } from "../../figures/figure.ts";
import type { MusicFigureData } from "../../figures/kinds.ts";
import { rollNotes } from "../../formats/piano_roll.ts";
import { notesOfVoice, type SungRoll } from "../../formats/voices.ts";
import type { CompiledDecoder } from "../../inference/decoder.ts";
import type { RenderedStage } from "../kind.ts";
import { generateRolls, tempoOf } from "./generation.ts";
import { CODES_TRIED, harmonise } from "./harmonise.ts";
import { decodeWindows, musicInfo } from "./music.ts";
import { rollsOfPart } from "./rolls.ts";
import type { Generation } from "./schema.ts";
import { scoreFiles } from "./score_files.ts";

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
    harmonise: music.voices && ((melody, stream) =>
      harmonise(
        decoder,
        melody,
        common.samplePrior(`render/${stream}`, CODES_TRIED),
        common.model.latentSize,
        music,
        generation,
        randomStream(common.seed, `cells/${stream}`),
      )),
  };
}

/** Writes a MIDI file for each row of the figure, and a score where voices are told apart. */
export async function writeSounds(
  { output }: RenderedStage,
  figure: string,
  { sounds = [] }: Drawn,
  { info }: FigureData,
): Promise<Sound[]> {
  const music = musicInfo(info);
  return await Promise.all(sounds.map(async ({ roll, ...facts }, i) => {
    const name = `${figure}-${String(i + 1).padStart(2, "0")}`;
    const { midi, musicXml } = scoreFiles(roll, facts, music);
    const [file, score] = [`midi/${name}.mid`, `scores/${name}.musicxml`];
    await Deno.writeFile(output(file), midi);
    if (musicXml !== undefined) await Deno.writeTextFile(output(score), musicXml);
    return {
      title: facts.title,
      file,
      ...(musicXml === undefined ? {} : { score }),
      ...(roll.voices && music.voices ? { voices: music.voices.names } : {}),
      secondsPerStep: 60 / facts.tempo / music.format.stepsPerQuarter,
      notes: notesOf(roll),
    };
  }));
}

function notesOf(roll: SungRoll): Sound["notes"] {
  const { voices } = roll;
  if (!voices) return rollNotes(roll).map(({ pitch, onset, end }) => [pitch, onset, end] as const);
  return Array.from(
    { length: voices.voices },
    (_, voice) =>
      notesOfVoice(voices, voice).map(({ pitch, onset, end }) => [pitch, onset, end, voice] as const),
  ).flat().sort((a, b) => a[1] - b[1] || a[0] - b[0]);
}
