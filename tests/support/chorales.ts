import type { Voices } from "../../pipeline/formats/voices.ts";

const FILE = new URL("../../../shared/data/jsb-chorales/Jsb16thSeparated.json", import.meta.url);

/** Chorales of Bach by voices, for tests that read real music; undefined where they are not beside the checkout. */
export function choralesByVoice(part: "train" | "valid" | "test"): Voices[] | undefined {
  let text: string;
  try {
    text = Deno.readTextFileSync(FILE);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const pieces = (JSON.parse(text) as Record<string, number[][][]>)[part]!;
  return pieces.map((steps) => {
    const voices = 4, pitches = Int16Array.from(steps.flat());
    const onsets = Uint8Array.from(
      pitches,
      (pitch, at) => Number(pitch >= 0 && pitch !== pitches[at - voices]),
    );
    return { steps: steps.length, voices, pitches, onsets };
  });
}
