import { randomStream } from "../../base/random.ts";
import type { CompiledDecoder } from "../../inference/decoder.ts";
import { rollAt } from "../../metrics/music.ts";
import type { SampleRequest } from "../kind.ts";
import { generateRolls, scoreOf, tempoOf } from "./generation.ts";
import { writeMidi } from "./midi.ts";
import { musicInfo } from "./music.ts";
import type { Generation } from "./schema.ts";

/** Samples are scores. */
export const extension = "mid";

/** Each code as a Standard MIDI File. */
export function sampleFiles(
  decoder: CompiledDecoder,
  codes: Float32Array,
  request: SampleRequest,
): Uint8Array[] {
  const info = musicInfo(request.info);
  const generation = request.generation as Generation;
  const rolls = generateRolls(decoder, codes, info, generation, randomStream(request.seed, "cells/sample"));
  const tempo = tempoOf(info, request.label);
  const count = codes.length / request.latentSize;
  return Array.from(
    { length: count },
    (_, i) => writeMidi(scoreOf(rollAt(rolls, i), request.titleOf(i), info.metre, tempo, info.voices?.names)),
  );
}
