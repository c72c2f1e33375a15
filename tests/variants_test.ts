import assert from "node:assert/strict";
import { EXECUTORS } from "../pipeline/commands/session/executors.ts";
import { DATASETS } from "../pipeline/datasets/datasets.ts";
import { FIGURES } from "../pipeline/figures/figures.ts";
import { BACKENDS } from "../pipeline/engine/backends.ts";
import { OPTIMISERS } from "../pipeline/engine/update/optimisers/optimisers.ts";
import { KINDS } from "../pipeline/kinds/kinds.ts";
import { ARCHITECTURES } from "../pipeline/vae/architectures/architectures.ts";
import { KL_SCHEDULES } from "../pipeline/vae/kl_schedules/kl_schedules.ts";
import { LEARNING_RATES } from "../pipeline/vae/learning_rates/learning_rates.ts";
import { PRIORS } from "../pipeline/vae/priors/priors.ts";
import { OBJECTIVES } from "../pipeline/vae/objectives/objectives.ts";
import { LIKELIHOODS } from "../pipeline/vae/likelihoods/likelihoods.ts";
import { productModules, withoutComments } from "./support/modules.ts";

/** Every table of variants, and the folder in which a variant's name may be compared with something. */
const TABLES: readonly { readonly folder: string; readonly table: Readonly<Record<string, unknown>> }[] = [
  { folder: "pipeline/datasets/", table: DATASETS },
  { folder: "pipeline/figures/", table: FIGURES },
  { folder: "pipeline/kinds/", table: KINDS },
  { folder: "pipeline/engine/", table: BACKENDS },
  { folder: "pipeline/engine/update/optimisers/", table: OPTIMISERS },
  { folder: "pipeline/vae/architectures/", table: ARCHITECTURES },
  { folder: "pipeline/vae/likelihoods/", table: LIKELIHOODS },
  { folder: "pipeline/vae/priors/", table: PRIORS },
  { folder: "pipeline/vae/objectives/", table: OBJECTIVES },
  { folder: "pipeline/vae/kl_schedules/", table: KL_SCHEDULES },
  { folder: "pipeline/vae/learning_rates/", table: LEARNING_RATES },
  { folder: "pipeline/commands/session/executors/", table: EXECUTORS },
];

/** Comparisons of something with a literal: `=== "x"`, `case "x":`, `"x" in y`. */
function comparisons(code: string): string[] {
  const patterns = [
    /[!=]==?\s*"([^"\n]+)"/g,
    /"([^"\n]+)"\s*[!=]==?/g,
    /\bcase\s+"([^"\n]+)"/g,
    /"([^"\n]+)"\s+in\s/g,
  ];
  return patterns.flatMap((pattern) => Array.from(code.matchAll(pattern), ([, literal]) => literal!));
}

/** tfjs names activations as the spec does, and the engine traces them by those names. */
const FOREIGN_NAMES = "pipeline/engine/trace/";

Deno.test("nothing outside a variant's own folder and table compares anything with its name", () => {
  const modules = productModules().filter(({ path }) => !path.startsWith(FOREIGN_NAMES));
  const wrong = modules.flatMap(({ path, text }) => {
    const compared = comparisons(withoutComments(text));
    return TABLES.filter(({ folder }) => !path.startsWith(folder)).flatMap(({ table }) =>
      compared.filter((literal) => Object.hasOwn(table, literal)).map((literal) => `${path}: "${literal}"`)
    );
  });
  assert.deepEqual(wrong, []);
});
