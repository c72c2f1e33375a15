import { titleOfVariant } from "../../base/own_module.ts";
import { printable } from "../../base/printable.ts";
import { entriesOf, isFolder, isPresent, readTextIfPresent } from "../../store/disk.ts";
import { SWEEP_FILE, type SweepFile } from "./outcomes.ts";
import { testOf, type TestResult } from "./result.ts";

/** The report of a run, as a list of reports tells it. */
export interface ListedRun {
  /** Its folder below that of all reports: `quick`, `sweep/cell`. */
  readonly name: string;
  readonly dataset: string;
  /** Architecture and latent size: `dense 2`. */
  readonly model: string;
  readonly seed: number;
  readonly epochs: number;
  /** Null where the report holds no metrics. */
  readonly test: TestResult | null;
  /** When the page was written, ISO 8601. */
  readonly time: string;
}

/** The folder of a sweep, as a list of reports tells it. */
export interface ListedSweep {
  readonly name: string;
  readonly title: string;
  readonly cells: number;
  /** Cells that have a report. */
  readonly done: number;
}

/** Reports lie in `reports/run`, `reports/sweep/cell` and `reports/paper/runs/run`. */
const DEEPEST = 3;

/** All reports below a folder. What is damaged is passed over. */
export function findReports(folder: string): { readonly runs: ListedRun[]; readonly sweeps: ListedSweep[] } {
  const runs: ListedRun[] = [];
  const sweeps: ListedSweep[] = [];
  const visit = (name: string, depth: number): void => {
    const path = `${folder}/${name}`;
    if (isPresent(`${path}/spec.json`)) {
      const run = readRun(path, name);
      if (run) runs.push(run);
      return;
    }
    const sweep = readJson<SweepFile>(`${path}/${SWEEP_FILE}`);
    if (sweep) {
      const done = sweep.cells.filter((cell) => isPresent(`${path}/${cell.name}/index.html`)).length;
      sweeps.push({ name, title: sweep.title, cells: sweep.cells.length, done });
    }
    if (depth < DEEPEST) visitInside(name, depth + 1);
  };
  const visitInside = (name: string, depth: number): void => {
    for (const entry of entriesOf(name === "" ? folder : `${folder}/${name}`)) {
      const inside = name === "" ? entry : `${name}/${entry}`;
      if (!entry.startsWith(".") && isFolder(`${folder}/${inside}`)) visit(inside, depth);
    }
  };
  visitInside("", 1);
  return { runs, sweeps };
}

function readRun(path: string, name: string): ListedRun | undefined {
  // deno-lint-ignore no-explicit-any -- a file that anybody may have edited: what is missing is caught
  const spec = readJson<any>(`${path}/spec.json`);
  try {
    const { dataset, model, seed, training } = spec;
    return {
      name: printable(name),
      dataset: printable(dataset.name),
      model: printable(`${titleOfVariant(model, model.architecture)} ${model.latentSize}`),
      seed,
      epochs: training.epochs,
      test: isPresent(`${path}/metrics.json`) ? testOf(Deno.readFileSync(`${path}/metrics.json`)) : null,
      time: Deno.statSync(`${path}/spec.json`).mtime!.toISOString(),
    };
  } catch {
    return undefined;
  }
}

function readJson<Value>(path: string): Value | undefined {
  try {
    return JSON.parse(readTextIfPresent(path) ?? "");
  } catch {
    return undefined; // none, or damaged
  }
}
