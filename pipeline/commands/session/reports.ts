import { titleOfVariant } from "../../base/own_module.ts";
import { printable } from "../../base/printable.ts";
import { entriesOf, isFolder, isPresent } from "../../store/disk.ts";
import { parseSweepFile, SWEEP_FILE } from "./outcomes.ts";
import { titleOfPage } from "./page_folder.ts";
import { testOf, type TestResult } from "./result.ts";

/** The report of a run, as a list of reports tells it. */
export interface ListedRun {
  /** Its folder below that of all reports: `quick`, `sweep/cell`. */
  readonly name: string;
  /** The name of the experiment: in a sweep it is not that of the folder. */
  readonly experiment: string;
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

/** A page that compares runs: of `compare`, or of the paper. */
export interface ListedPage {
  readonly name: string;
  readonly title: string;
}

/** What there is below a folder. */
export interface FoundReports {
  readonly runs: ListedRun[];
  readonly sweeps: ListedSweep[];
  readonly pages: ListedPage[];
  /** Folders of reports of runs that cannot be read. */
  readonly damaged: string[];
}

/** Reports lie in `reports/run`, `reports/sweep/cell` and `reports/paper/runs/run`. */
const DEEPEST = 3;
/** More than any file holds that a list is made of. */
const MOST_BYTES = 64e6;

/** All reports below a folder. */
export function findReports(folder: string): FoundReports {
  const found: FoundReports = { runs: [], sweeps: [], pages: [], damaged: [] };
  const visit = (name: string, depth: number): void => {
    const path = `${folder}/${name}`;
    if (isPresent(`${path}/spec.json`)) {
      const run = readRun(path, name);
      if (run) found.runs.push(run);
      else found.damaged.push(printable(name));
      return;
    }
    const sweep = readSweep(path, name);
    const title = titleOfPage(path);
    if (sweep) found.sweeps.push(sweep);
    else if (title !== undefined) found.pages.push({ name: printable(name), title: printable(title) });
    if (depth < DEEPEST) visitInside(name, depth + 1);
  };
  const visitInside = (name: string, depth: number): void => {
    for (const entry of entriesOf(name === "" ? folder : `${folder}/${name}`)) {
      const inside = name === "" ? entry : `${name}/${entry}`;
      if (!entry.startsWith(".") && isFolder(`${folder}/${inside}`)) visit(inside, depth);
    }
  };
  visitInside("", 1);
  return found;
}

function readSweep(path: string, name: string): ListedSweep | undefined {
  const text = readSmall(`${path}/${SWEEP_FILE}`);
  const sweep = text && parseSweepFile(new TextDecoder().decode(text));
  if (!sweep) return undefined;
  const done = sweep.cells.filter((cell) => isPresent(`${path}/${cell.name}/index.html`)).length;
  return { name: printable(name), title: sweep.title, cells: sweep.cells.length, done };
}

function readRun(path: string, name: string): ListedRun | undefined {
  try {
    const metrics = readSmall(`${path}/metrics.json`);
    const { name: experiment, dataset, model, seed, training } = JSON.parse(
      new TextDecoder().decode(readSmall(`${path}/spec.json`)),
    );
    return {
      name: printable(name),
      experiment: printable(experiment),
      dataset: printable(dataset.name),
      model: printable(`${titleOfVariant(model, model.architecture)} ${model.latentSize}`),
      seed,
      epochs: training.epochs,
      test: metrics ? testOf(metrics) : null,
      time: Deno.statSync(`${path}/spec.json`).mtime!.toISOString(),
    };
  } catch {
    return undefined; // none, or one that somebody has edited
  }
}

/** A file's bytes; undefined where there is none, or something that no report holds: a pipe would never end. */
function readSmall(path: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const { isFile, size } = Deno.statSync(path);
    return isFile && size <= MOST_BYTES ? Deno.readFileSync(path) : undefined;
  } catch {
    return undefined;
  }
}
