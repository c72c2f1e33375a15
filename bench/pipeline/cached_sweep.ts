import type { Experiment } from "../../pipeline/spec/experiment.ts";
import { canonicalJson } from "../../pipeline/formats/canonical_json.ts";
import { Planner, type Result } from "../../pipeline/graph/plan.ts";
import type { ActionRecord } from "../../pipeline/store/record.ts";
import { loadExperiment } from "../../pipeline/spec/load.ts";
import { loadSweep } from "../../pipeline/spec/sweep.ts";
import { DECLARATIONS } from "../../pipeline/stages/declarations.ts";
import { seal, sha256 } from "../../pipeline/store/sealed.ts";
import { Store } from "../../pipeline/store/store.ts";

const SETTINGS = { engine: "native" } as const;

/** 1,000 cells in 200 groups of five seeds each. */
export function writeSweep(root: string, path: string): void {
  const sweep = {
    name: "thousand",
    base: `${root}/experiments/quick.json`,
    matrix: {
      "model.latentSize": Array.from({ length: 20 }, (_, i) => i + 2),
      "kl.end": Array.from({ length: 10 }, (_, i) => (i + 1) / 10),
      "seed": [1, 2, 3, 4, 5],
    },
  };
  Deno.writeTextFileSync(path, JSON.stringify(sweep));
}

/**
 * Puts results of all cells into a store that has those of `experiments/quick.json`, as if each had run: the same
 * files by name, each with a content of its own. Numbers and curves differ from cell to cell; what no reader of a
 * comparison opens is short.
 */
export async function fillSweep(root: string, folder: string, sweepPath: string): Promise<void> {
  using store = await Store.open(folder);
  const planner = new Planner(DECLARATIONS, store, root);
  const { cells } = await loadSweep(sweepPath, []);
  const templates = await quickResults(root, planner);
  for (const [i, { spec }] of cells.entries()) {
    const records = new Map<string, ActionRecord>();
    const files = new Map<string, { digest: string; size: number }>();
    const fileLike = (name: string, digest: string) => {
      const isRead = name === "metrics.json" || name === "metrics.csv";
      const text = isRead ? varied(Deno.readTextFileSync(store.blobPath(digest)), i) : `${name} of ${i}\n`;
      // The report's files are those of other stages.
      if (!files.has(digest)) files.set(digest, put(store, text));
      return files.get(digest)!;
    };
    for (const declaration of DECLARATIONS) {
      const task = await planner.task(declaration, { name: spec.name, spec, settings: SETTINGS }, records);
      const template = templates.get(declaration.name)!.record;
      // Downloading and preparing the data is one for all cells, and was done for real.
      const record = task.key === template.key ? template : {
        ...template,
        key: task.key,
        outputs: Object.fromEntries(
          Object.entries(template.outputs).map(([name, { digest }]) => [name, fileLike(name, digest)]),
        ),
      };
      Deno.writeTextFileSync(store.recordPath(task.key), seal(record));
      put(store, canonicalJson(task.manifest));
      records.set(declaration.name, record);
    }
  }
  await planner.code.save();
}

async function quickResults(root: string, planner: Planner<Experiment>): Promise<Map<string, Result>> {
  const { spec } = await loadExperiment(`${root}/experiments/quick.json`, []);
  const planned = await planner.plan({ name: spec.name, spec, settings: SETTINGS });
  return new Map(planned.map(({ stage, result }) => [stage, result!]));
}

/** All fractional numbers of a text, up to a fifth larger. */
function varied(text: string, cell: number): string {
  const factor = 1 + (cell * 0.618 % 1) / 5;
  return text.replace(/\d+\.\d+/g, (number) => String(Number(number) * factor));
}

function put(store: Store, text: string): { digest: string; size: number } {
  const bytes = new TextEncoder().encode(text);
  const digest = sha256(bytes);
  Deno.writeFileSync(store.blobPath(digest), bytes);
  return { digest, size: bytes.length };
}
