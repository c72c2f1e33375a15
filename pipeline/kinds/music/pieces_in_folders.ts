import { moduleUrl } from "../../base/module_url.ts";
import { columnsOf } from "../../formats/piano_roll.ts";
import type { PreparationSpec } from "../preparation.ts";
import type { MusicSlice } from "./prepare.ts";
import { musicProblems } from "./problems.ts";
import type { MusicDataset, MusicFacts, WrittenMusic } from "./schema.ts";

/**
 * Makes examples of MIDI files in folders, one for each class.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { piecesInFolders } from "reparam";
 *
 * const hymns = piecesInFolders({ classes: ["major", "minor"] });
 * assert.deepEqual(hymns.facts.classes, ["major", "minor"]);
 * ```
 */
export function piecesInFolders(facts: MusicFacts): PreparationSpec & { readonly facts: MusicFacts } {
  const preparation: PreparationSpec<WrittenMusic, MusicDataset, MusicSlice> = {
    module: moduleUrl<typeof import("./prepare.ts")>(new URL("./prepare.ts", import.meta.url)),
    fillDefaults(dataset) {
      const { length, hop, perPiece, transpositions } = dataset.windows;
      // A spec that gives both is refused by `musicProblems`.
      const plan = perPiece !== undefined && hop === undefined
        ? { length, perPiece }
        : { length, hop: hop ?? dataset.representation.stepsPerQuarter };
      return { ...dataset, windows: { ...plan, transpositions } };
    },
    classes: () => facts.classes,
    exampleShape: ({ windows, representation }) => [windows.length, columnsOf(representation)],
    // Play and articulate cells.
    channels: ({ representation }) => representation.articulation ? 2 : 1,
    // How many windows music is cut into is not known before its files are read.
    partSizes: () => undefined,
    problems: musicProblems,
    prepareSlice: ({ name, representation, windows, split, brokenFiles }, title, seed) => ({
      dataset: name,
      title,
      representation,
      windows,
      split,
      brokenFiles,
      seed,
    }),
  };
  return { ...preparation, facts };
}
