import type { PartName, Values } from "../../pipeline/artifacts/dataset.ts";
import type { Contents } from "../../pipeline/artifacts/source_json.ts";
import type { Preparing } from "../../pipeline/kinds/preparation.ts";

/** What a preparation made of a part: a list for each call of `add`. */
export interface Made {
  readonly values: Values[];
  readonly labels: number[];
}

/** A stage for a preparation outside of a run, and what is made there. */
export function preparing(
  contents: Contents,
  read: Preparing["read"],
  path: Preparing["path"] = (name) => name,
): { readonly stage: Preparing; readonly made: Partial<Record<PartName, Made>> } {
  const made: Partial<Record<PartName, Made>> = {};
  const stage: Preparing = {
    contents,
    memoryBytes: Infinity,
    read,
    path,
    loadOwn: () => Promise.reject(new Error("No module of the user's stands in these tests")),
    part(name) {
      const part: Made = { values: [], labels: [] };
      made[name] = part;
      return {
        add(values, labels) {
          part.values.push(values.slice());
          part.labels.push(...labels);
        },
      };
    },
    progress: () => {},
    pause: () => Promise.resolve(),
  };
  return { stage, made };
}
