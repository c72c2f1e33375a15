import type { Json } from "../../base/json.ts";
import { inKey } from "../../base/own_module.ts";
import { plural } from "../../base/words.ts";
import { type Difference, differences } from "../../graph/explain.ts";
import { shownFigures } from "../../figures/figures.ts";
import { isPresent, onDisk, readTextIfPresent, writeAtomically } from "../../store/disk.ts";
import type { Arguments } from "../line/arguments.ts";
import { badUsage } from "../line/arguments.ts";
import { differencesInWords } from "./reasons.ts";

/** The commands that make pages in `reports/`, each with what it alone leaves beside its page. */
const MAKERS = {
  run: { mark: "spec.json", page: "the report of an experiment" },
  sweep: { mark: "sweep.json", page: "the comparison of a sweep" },
  compare: { mark: "comparison.json", page: "a comparison" },
  paper: { mark: "runs", page: "the page of `deno task paper`" },
} as const;

/** A command that makes pages. */
export type PageMaker = keyof typeof MAKERS;

/** The file beside the page of `compare`, which tells it from other pages. */
export const COMPARISON_FILE = MAKERS.compare.mark;

/** The title of a comparison that was not made by a sweep, or of the paper's page; undefined where a folder has none. */
export function titleOfPage(folder: string): string | undefined {
  if (!isPresent(`${folder}/index.html`)) return undefined;
  if (isPresent(`${folder}/${MAKERS.paper.mark}`)) return "The paper, made again";
  try {
    const { title } = JSON.parse(readTextIfPresent(`${folder}/${COMPARISON_FILE}`) ?? "null");
    return typeof title === "string" ? title : undefined;
  } catch {
    return undefined; // none, or one that somebody has edited
  }
}

/**
 * Makes sure that a command may write its page into a folder: that no other command has one there.
 *
 * @param next how to name another folder
 * @throws {UserError} with exit status 2 where one has
 */
export function checkPageFolder(folder: string, maker: PageMaker, next: string): void {
  const is = (name: PageMaker) => isPresent(`${folder}/${MAKERS[name].mark}`);
  if (is(maker)) return;
  const other = (Object.keys(MAKERS) as PageMaker[]).find(is);
  if (other !== undefined) {
    throw badUsage(`Cannot write to ${folder}: it holds ${MAKERS[other].page}`, next);
  }
  // The report of a run is published as a whole, and keeps what it finds.
  if (maker !== "run" && isPresent(`${folder}/index.html`)) {
    throw badUsage(`Cannot write to ${folder}: it holds a page that this command did not make`, next);
  }
}

/** Writes a page and what stands beside it, the page last: a reader finds each file old or new, and whole. */
export function writePage(
  what: string,
  folder: string,
  { html, beside = {} }: { readonly html: string; readonly beside?: Readonly<Record<string, object>> },
): Promise<void> {
  return onDisk(`Cannot write ${what} ${folder}`, () => {
    Deno.mkdirSync(folder, { recursive: true });
    const write = (file: string, text: string) =>
      writeAtomically(`${folder}/${file}`, text, `${folder}/.${file}-${crypto.randomUUID()}`);
    for (const [file, value] of Object.entries(beside)) write(file, JSON.stringify(value, null, 2) + "\n");
    write("index.html", html);
  });
}

/** The command line that made a page, as the page shows it. */
export function commandText(verb: PageMaker, values: Arguments): string {
  const settings = values.values("set").map((text) => `--set ${text}`);
  return [`deno task ${verb}`, ...values.positionals, ...settings].join(" ");
}

/**
 * Says which reports of other settings will be replaced, and how.
 *
 * @param reports folders of reports, with the specs of those that come there
 * @param keep how to keep them
 */
export function noteReplaced(
  reports: readonly { readonly folder: string; readonly spec: object }[],
  keep: string,
): void {
  const replaced = reports.map(({ folder, spec }) => ({
    folder,
    changes: differencesFromReport(folder, spec),
  }))
    .filter(({ changes }) => changes.length > 0);
  const [first, ...others] = replaced;
  if (!first) return;
  console.error(`note: ${first.folder} will be replaced: ${differencesInWords(first.changes)}`);
  if (others.length > 0) console.error(`  So will ${plural(others.length, "other report")}.`);
  console.error(`  ${keep}`);
}

/** The differences of a spec from that of the report in a folder; [] where there is no report. */
export function differencesFromReport(folder: string, spec: object): Difference[] {
  const text = readTextIfPresent(`${folder}/${MAKERS.run.mark}`);
  if (text === undefined) return [];
  try {
    return differences({ slice: comparable(JSON.parse(text)) }, { slice: comparable(spec) });
  } catch {
    return []; // damaged, so nothing worth keeping
  }
}

/**
 * What of a spec shows in its report: not where its data come from and its modules lie, nor options of figures
 * that are not shown.
 */
function comparable(spec: object): Json {
  const { dataset, figures, ...rest } = JSON.parse(JSON.stringify(inKey(spec)));
  const { source: _, ...data } = Object(dataset);
  return { ...rest, dataset: data, ...(figures === undefined ? {} : { figures: shownFigures(figures) }) };
}
