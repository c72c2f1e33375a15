import { relative } from "node:path";
import { UserError } from "../../base/errors.ts";
import type { Planner, Result } from "../../graph/plan.ts";
import type {
  Candidate,
  Comparison,
  Finished,
  Outcome,
  RenderedComparison,
} from "../../report/compare/candidate.ts";
import type { Experiment } from "../../spec/experiment.ts";
import type { Coordinates } from "../../base/coordinates.ts";
import type { Settings } from "../../stages/declarations.ts";
import { entriesOf, readIfPresent, readTextIfPresent } from "../../store/disk.ts";
import type { Store } from "../../store/store.ts";
import { badUsage } from "../line/arguments.ts";
import type { Project } from "../line/project.ts";

/** The file beside a sweep's page that says what the folders around it are. */
export const SWEEP_FILE = "sweep.json";

/** What `SWEEP_FILE` holds. */
export interface SweepFile {
  readonly name: string;
  readonly title: string;
  readonly cells: readonly { readonly name: string; readonly coordinates: Coordinates }[];
}

/** Makes the page of a comparison. */
export type RenderComparison = (comparison: Comparison) => Promise<RenderedComparison>;

/** The page as the report makes it; its code is loaded when there is a page to make. */
export const comparisonPage: RenderComparison = async (comparison) => {
  const { renderComparison } = await import("../../report/compare/comparison.ts");
  const { KIND_MEASURES } = await import("../../kinds/measures.ts");
  const { priorOf, priorWords } = await import("../../vae/priors/priors.ts");
  return await renderComparison(comparison, {
    kindMeasures: Object.values(KIND_MEASURES).flat(),
    otherPrior: ({ model }) => priorOf(model).standardNormal ? undefined : priorWords(model),
  });
};

/** A finished run whose results are in the store. @param link from the comparison's page to its report */
export function storedOutcome(
  store: Store,
  results: ReadonlyMap<string, Result>,
  link: string | null,
): Finished {
  const records = new Map([...results].map(([stage, { record }]) => [stage, record]));
  return {
    status: "done",
    records,
    link,
    read: (output) => {
      const slash = output.indexOf("/");
      const file = records.get(output.slice(0, slash))?.outputs[output.slice(slash + 1)];
      return Promise.resolve(file && readIfPresent(store.blobPath(file.digest)));
    },
  };
}

/** What has become of an experiment, as far as the store knows. @param link from the comparison's page to its report */
export async function plannedOutcome(
  store: Store,
  planner: Planner<Experiment>,
  spec: Experiment,
  settings: Settings,
  link: string | null,
): Promise<Outcome> {
  const results = new Map<string, Result>();
  for (const planned of await planner.plan({ name: spec.name, spec, settings })) {
    if (!planned.result) {
      const last = store.history.of(spec.name, planned.stage).at(-1);
      return last?.outcome === "failed" && last.key === planned.key
        ? { status: "failed", reason: `its stage ${planned.stage} failed when it last ran`, notes: [] }
        : { status: "missing", reason: `the store has no result of its stage ${planned.stage}` };
    }
    results.set(planned.stage, planned.result);
  }
  return storedOutcome(store, results, link);
}

/**
 * The reports in a folder: the one that it is, or those of a sweep.
 * @param page folder of the comparison's page
 * @throws {UserError} with exit status 2
 */
export async function candidatesInFolder(
  project: Project,
  folder: string,
  page: string,
): Promise<{ readonly title: string; readonly candidates: Candidate[] }> {
  const list = readTextIfPresent(`${folder}/${SWEEP_FILE}`);
  if (list === undefined) {
    const candidate = await candidateOf(project, folder, page, { origin: folder, coordinates: [] });
    return { title: candidate.spec.name, candidates: [candidate] };
  }
  const sweep = parseSweepFile(list);
  if (!sweep) {
    throw new UserError(`Cannot read ${folder}/${SWEEP_FILE}: it is damaged`, {
      notes: ["Next: run the sweep again; what is cached is not run."],
      exitStatus: 2,
    });
  }
  const { name, title, cells } = sweep;
  const there = cells.filter((cell) => entriesOf(`${folder}/${cell.name}`).length > 0);
  const candidates = await Promise.all(there.map((cell) => {
    const { coordinates } = cell;
    return candidateOf(project, `${folder}/${cell.name}`, page, { origin: name, coordinates });
  }));
  if (there.length < cells.length) {
    console.error(`note: ${folder}: ${cells.length - there.length} of ${cells.length} cells have no report`);
  }
  return { title, candidates };
}

async function candidateOf(
  project: Project,
  folder: string,
  page: string,
  { origin, coordinates }: { readonly origin: string; readonly coordinates: Coordinates },
): Promise<Candidate> {
  if (!entriesOf(folder).includes("spec.json")) {
    throw badUsage(
      `Cannot compare ${folder}: it is no report`,
      "A report's folder holds index.html, spec.json and metrics.json; that of a sweep holds sweep.json.",
    );
  }
  const { spec } = await project.load(`${folder}/spec.json`, []);
  return {
    name: spec.name,
    origin,
    coordinates,
    spec,
    outcome: {
      status: "done",
      records: new Map(),
      link: relative(page, `${folder}/index.html`),
      read: async (output) => {
        const { pathInBundle } = await import("../../artifacts/artifacts.ts");
        const path = pathInBundle(output);
        return path === undefined ? undefined : readIfPresent(`${folder}/${path}`);
      },
    },
  };
}

/** Reads a `SWEEP_FILE`; undefined where the text is none. */
export function parseSweepFile(text: string): SweepFile | undefined {
  let file;
  try {
    file = Object(JSON.parse(text));
  } catch {
    return undefined;
  }
  const { name, title, cells } = file;
  const isFolderName = (name: unknown) => typeof name === "string" && /^[^/\0]+$/.test(name);
  // deno-lint-ignore no-explicit-any -- anybody may have edited it
  const isCell = (cell: any) => isFolderName(cell?.name) && Array.isArray(cell.coordinates);
  const isSweep = typeof name === "string" && typeof title === "string" && Array.isArray(cells);
  return isSweep && cells.every(isCell) ? file : undefined;
}
