import { moduleUrl } from "../../../base/module_url.ts";
import { columnsOf } from "../../../formats/piano_roll.ts";
import { symbolsOf } from "../../../formats/voice_symbols.ts";
import { MODES } from "../../../formats/keys.ts";
import type { PreparationSpec } from "../../preparation.ts";
import type { ChoraleSlice } from "./prepare.ts";
import { choraleProblems } from "./problems.ts";
import { type ChoraleDataset, type ChoraleFacts, semitonesOf, type WrittenChorales } from "./schema.ts";

/** Makes examples of a JSON file that has pieces in three parts, step by step (`read.ts`). */
export function choralesInFiles(facts: ChoraleFacts): PreparationSpec {
  const lengthOf = ({ representation, windows }: WrittenChorales | ChoraleDataset) =>
    windows.length ?? facts[representation].length;
  return {
    module: moduleUrl<typeof import("./prepare.ts")>(new URL("./prepare.ts", import.meta.url)),
    fillDefaults(dataset) {
      const { hop, transpositions = facts[dataset.representation].transpositions } = dataset.windows;
      return { ...dataset, windows: { length: lengthOf(dataset), hop, transpositions } };
    },
    classes: () => MODES,
    exampleShape(dataset) {
      const { format, voices } = facts[dataset.representation];
      return voices
        ? [lengthOf(dataset), voices.names.length, symbolsOf(voices)]
        : [lengthOf(dataset), columnsOf(format)];
    },
    offers: ({ representation }) => [facts[representation].voices ? "one-hot" : "padded"],
    channels: () => 1,
    // How many windows the pieces are cut into is not known before they are read.
    partSizes: () => undefined,
    problems: choraleProblems,
    prepareSlice({ name, representation, windows }, title) {
      const { file, format, isByVoice, voices } = facts[representation];
      const { length, hop, transpositions } = windows;
      return {
        dataset: name,
        title,
        file,
        format,
        isByVoice,
        ...(voices ? { voices } : {}),
        windows: { length, hop },
        transpositions: semitonesOf(transpositions),
        seed: 0,
      };
    },
  } satisfies PreparationSpec<WrittenChorales, ChoraleDataset, ChoraleSlice>;
}
