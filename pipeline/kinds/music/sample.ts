import { randomStream } from "../../base/random.ts";
import type { CompiledDecoder } from "../../inference/decoder.ts";
import { rollAt } from "../../metrics/music.ts";
import type { SampledFile, SampleRequest } from "../kind.ts";
import { generateRolls, tempoOf } from "./generation.ts";
import { musicInfo } from "./music.ts";
import type { Generation } from "./schema.ts";
import { scoreFiles } from "./score_files.ts";

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
  return Array.from({ length: count }, (_, i) => {
    const { midi, musicXml } = scoreFiles(rollAt(rolls, i), { title: request.titleOf(i), tempo }, info);
    return [
      { extension: "mid", bytes: midi },
      ...(musicXml === undefined
        ? []
        : [{ extension: "musicxml", bytes: new TextEncoder().encode(musicXml) }]),
    ];
  });
}
