import type { RandomStream } from "../../base/random.ts";
import { symbolsOf, type VoiceFormat, voicesOfSymbols, voiceSymbols } from "../../formats/voice_symbols.ts";
import type { Harmonisation } from "../../figures/kinds.ts";
import type { Voices } from "../../formats/voices.ts";
import type { CompiledDecoder } from "../../inference/decoder.ts";
import { writeVoices } from "./generation.ts";
import type { MusicInfo } from "./music.ts";
import type { Generation } from "./schema.ts";
import { stepChooser, symbolChoice } from "./symbols.ts";

/** Codes that are tried in each round. */
export const CODES_TRIED = 64;
/** How many of the best the next round's are drawn around, and how many rounds there are. */
const [BEST, ROUNDS] = [8, 5];
/** What the spread of a round's codes does not fall below, so that the search does not stop early. */
const SMALLEST_DEVIATION = 0.1;

/**
 * Writes the lower voices under a melody. The highest voice is not chosen but given, step by step; z is sought by the
 * cross-entropy method (Rubinstein, 1999): codes that make the melody likely are drawn around again, from codes of the
 * prior on. Of the last round the voices under the code that makes it likeliest are kept.
 *
 * @param melody the highest voice, as long as an example
 * @param prior codes of the prior, [CODES_TRIED, latent size]
 */
export function harmonise(
  decoder: CompiledDecoder,
  melody: Voices,
  prior: Float32Array,
  latentSize: number,
  { voices: format, length }: MusicInfo,
  generation: Generation,
  stream: RandomStream,
): Harmonisation {
  if (!format) throw new TypeError("Cannot write voices where none are told apart");
  const given = melodySymbols(melody, format);
  let codes = prior, first: number | undefined;
  for (let round = 0;; round++) {
    const chooser = stepChooser(format, length, symbolChoice(generation), () => stream.uniform(), given);
    const symbols = writeVoices(decoder, codes, chooser);
    const likelihoods = chooser.writers.map(({ givenLogLikelihood }) => givenLogLikelihood);
    const order = [...likelihoods.keys()].sort((a, b) => likelihoods[b]! - likelihoods[a]! || a - b);
    first ??= likelihoods.reduce((sum, likelihood) => sum + likelihood, 0) / likelihoods.length;
    if (round === ROUNDS - 1) {
      const size = length * format.names.length * symbolsOf(format), best = order[0]!;
      return {
        voices: voicesOfSymbols(symbols.subarray(best * size, (best + 1) * size), format, length),
        melodyNll: { prior: -first, found: -likelihoods[best]! },
      };
    }
    codes = around(
      order.slice(0, BEST).map((i) => codes.subarray(i * latentSize, (i + 1) * latentSize)),
      stream,
    );
  }
}

/** Codes of the Gaussian that has the mean and the spread of some. */
function around(best: readonly Float32Array[], stream: RandomStream): Float32Array {
  const size = best[0]!.length;
  const mean = Float64Array.from(
    { length: size },
    (_, j) => best.reduce((sum, code) => sum + code[j]!, 0) / best.length,
  );
  const deviation = mean.map((centre, j) =>
    Math.max(
      SMALLEST_DEVIATION,
      Math.sqrt(best.reduce((sum, code) => sum + (code[j]! - centre) ** 2, 0) / best.length),
    )
  );
  return stream.fillNormal(new Float32Array(CODES_TRIED * size)).map((noise, i) =>
    mean[i % size]! + deviation[i % size]! * noise
  );
}

/** The symbols of the highest voice, [steps]. */
function melodySymbols({ steps, voices, pitches, onsets }: Voices, format: VoiceFormat): Int16Array {
  const highest = <T extends Int16Array | Uint8Array>(values: T) =>
    values.filter((_, at) => at % voices === 0) as T;
  const alone = { steps, voices: 1, pitches: highest(pitches), onsets: highest(onsets) };
  const symbols = symbolsOf(format);
  const rows = voiceSymbols(alone, format);
  return Int16Array.from(
    { length: steps },
    (_, step) => rows.subarray(step * symbols, (step + 1) * symbols).indexOf(1),
  );
}
