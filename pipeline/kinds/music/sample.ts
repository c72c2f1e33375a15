import { UserError } from "../../base/errors.ts";
import { randomStream } from "../../base/random.ts";
import { rollOfVoices, type SungRoll } from "../../formats/voices.ts";
import type { CompiledDecoder } from "../../inference/decoder.ts";
import { rollAt } from "../../metrics/music.ts";
import type { MelodyRequest, SampledFile, SampleRequest } from "../kind.ts";
import { generateRolls, tempoOf } from "./generation.ts";
import { CODES_TRIED, harmonise } from "./harmonise.ts";
import { harmoniseWindows, readMelody } from "./melody.ts";
import { type MusicInfo, musicInfo } from "./music.ts";
import type { Generation } from "./schema.ts";
import { type ScoreFacts, scoreFiles } from "./score_files.ts";

/** Each code as a Standard MIDI File, and as a score where voices are told apart. */
export function sampleFiles(
  decoder: CompiledDecoder,
  codes: Float32Array,
  request: SampleRequest,
): SampledFile[][] {
  const info = musicInfo(request.info);
  const generation = request.generation as Generation;
  const rolls = generateRolls(decoder, codes, info, generation, randomStream(request.seed, "cells/sample"));
  const tempo = tempoOf(info, request.label);
  const count = codes.length / request.latentSize;
  return Array.from(
    { length: count },
    (_, i) => filesOf(rollAt(rolls, i), { title: request.titleOf(i), tempo }, info),
  );
}

/** Writes the lower voices under the melody of a MIDI file, window after window. */
export function melodyFiles(decoder: CompiledDecoder, request: MelodyRequest): SampledFile[][] {
  const info = musicInfo(request.info), { voices: format, length } = info;
  if (!format) {
    throw new UserError(`Cannot write voices under ${request.file}: the model's music is piano rolls`, {
      notes: ["Next: a spec whose dataset tells voices apart, as experiments/music-chorales.json does."],
      exitStatus: 2,
    });
  }
  const { voices: melody, tempo, bars } = readMelody(request.melody, request.file, {
    ...info,
    voices: format,
  });
  return Array.from({ length: request.count }, (_, i) => {
    const voices = harmoniseWindows(melody, length, (window, k) => {
      const stream = `melody ${i}, window ${k}`;
      return harmonise(
        decoder,
        window,
        request.samplePrior(`sample/${stream}`, CODES_TRIED),
        request.latentSize,
        info,
        request.generation as Generation,
        randomStream(request.seed, `cells/sample ${stream}`),
      ).voices;
    });
    const roll = { ...rollOfVoices(voices, info.format), voices };
    return filesOf(roll, { title: request.titleOf(i), tempo, bars }, info);
  });
}

function filesOf(roll: SungRoll, facts: ScoreFacts, info: MusicInfo): SampledFile[] {
  const { midi, musicXml } = scoreFiles(roll, facts, info);
  return [
    { extension: "mid", bytes: midi },
    ...(musicXml === undefined ? [] : [{ extension: "musicxml", bytes: new TextEncoder().encode(musicXml) }]),
  ];
}
