import type { RandomStream } from "../../base/random.ts";
import { REST, type Voices } from "../../formats/voices.ts";

/** A chord as it is sung: from where any voice begins a note or ends one, to where the next does. */
interface Event {
  /** [voices] */
  readonly pitches: Int16Array;
  /** [voices] */
  readonly onsets: Uint8Array;
  readonly steps: number;
  /** Whether its piece ends with it. */
  readonly isLast: boolean;
}

/** A Markov chain of chords, fitted to pieces. */
export interface ChordChain {
  /** How many different chords it knows. */
  readonly chords: number;
  /** So many steps of it. */
  sample(steps: number, stream: RandomStream): Voices;
}

/**
 * The Markov chain of first order whose states are the chords of the pieces, as pitches of all voices: how long the
 * next one lasts is drawn with it. A chain begins as a piece does, and where a piece ends, begins anew. What it writes
 * is right from chord to chord, and of phrase, metre and key it knows nothing.
 *
 * @param pieces of one number of voices; one or more, none of them empty
 */
export function chordChain(pieces: readonly Voices[]): ChordChain {
  const events = pieces.flatMap(eventsOf), { voices } = pieces[0]!;
  /** Where each chord occurs. */
  const occurrences = new Map<string, number[]>(), beginnings: number[] = [];
  events.forEach((event, at) => {
    if (at === 0 || events[at - 1]!.isLast) beginnings.push(at);
    const key = event.pitches.join(), known = occurrences.get(key);
    if (known) known.push(at);
    else occurrences.set(key, [at]);
  });
  const drawn = (from: readonly number[], stream: RandomStream) => from[stream.integer(from.length)]!;
  return {
    chords: occurrences.size,
    sample(steps, stream) {
      const pitches = new Int16Array(steps * voices).fill(REST), onsets = new Uint8Array(steps * voices);
      let at = drawn(beginnings, stream);
      for (let step = 0; step < steps;) {
        const event = events[at]!;
        for (let i = 0; i < event.steps && step < steps; i++, step++) {
          pitches.set(event.pitches, step * voices);
          if (i === 0) onsets.set(event.onsets, step * voices);
        }
        const same = drawn(occurrences.get(event.pitches.join())!, stream);
        at = events[same]!.isLast ? drawn(beginnings, stream) : same + 1;
      }
      return { steps, voices, pitches, onsets };
    },
  };
}

function eventsOf({ steps, voices, pitches, onsets }: Voices): Event[] {
  const row = <T extends Int16Array | Uint8Array>(values: T, step: number) =>
    values.slice(step * voices, (step + 1) * voices) as T;
  const begins = (step: number) =>
    step === 0 || row(onsets, step).includes(1) ||
    row(pitches, step).join() !== row(pitches, step - 1).join();
  const starts = Array.from({ length: steps }, (_, step) => step).filter(begins);
  return starts.map((start, i) => ({
    pitches: row(pitches, start),
    onsets: row(onsets, start),
    steps: (starts[i + 1] ?? steps) - start,
    isLast: i === starts.length - 1,
  }));
}
