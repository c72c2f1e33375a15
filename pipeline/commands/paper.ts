import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { formatUserError, UserError } from "../base/errors.ts";
import { duration, plural } from "../base/words.ts";
import type { RunEvent } from "../graph/events.ts";
import type { Workflow } from "../graph/plan.ts";
import {
  LUTE_ROLES,
  type Paper,
  PAPER_SPECS,
  type PaperRun,
  type RenderedPaper,
  STAND_IN,
} from "../report/paper/parts.ts";
import type { Experiment } from "../spec/experiment.ts";
import type { SpecSource } from "../spec/messages/source.ts";
import { variantWords } from "../stages/variant_words.ts";
import { type Arguments, badUsage } from "./line/arguments.ts";
import { reportsFolder, settingsOf, SPEC_OPTIONS } from "./line/options.ts";
import type { Project } from "./line/project.ts";
import type { Verb } from "./line/verb.ts";
import { openDisplay } from "./session/display.ts";
import { storedOutcome } from "./session/outcomes.ts";
import { checkPageFolder, writePage } from "./session/page_folder.ts";
import { readTextIfPresent, writeAtomically } from "../store/disk.ts";
import { publish } from "../store/publish.ts";
import { RUN_OPTIONS, throwFirst, voices, withRunSession } from "./session/session.ts";
import type { WrittenSpec } from "../stages/sources.ts";

export const verb: Verb = {
  usage: "deno task paper [OPTIONS]",
  summary: "Make the paper's figures again, with its numbers beside ours: reports/paper/.",
  positionals: [0, 0],
  options: {
    mirror: {
      type: "string",
      value: "DIR|URL",
      help:
        "Where the lute files are: a folder, or the address of a server. Default: their own site; where it " +
        "cannot be reached, piano music takes their place.",
    },
    markdown: { type: "boolean", help: "Print the side-by-side table as Markdown on stdout, for a README." },
    engine: SPEC_OPTIONS.engine,
    ...RUN_OPTIONS,
  },
  examples: ["deno task paper", "deno task paper --mirror ../lute-files"],
  execute: (values, project, signal) => makePaper(PAPER, values, project, signal),
};

/** What the page is made of, and how. */
export interface PaperRecipe {
  /** Specs and sweeps by the part that they play in the page; files in `folder`. */
  readonly parts: Readonly<Record<string, string>>;
  readonly folder: string;
  /** Parts whose data may be out of reach, and the overrides that put other data in their place. */
  readonly luteParts: readonly string[];
  readonly standIn: readonly string[];
  /** A notebook that is executed on the results, with code that tells it where they are. */
  readonly notebook?: {
    readonly title: string;
    readonly file: URL;
    given(places: Readonly<Record<"artifacts" | "reports" | "engine", string>>): string;
  };
  /** The stage that fails where data are out of reach. It reads no other. */
  readonly downloadStage: string;
  /** @param paper the runs of each part, and why other data stand in for those out of reach, if they do */
  render(
    paper: {
      readonly runs: Readonly<Record<string, readonly PaperRun[]>>;
      readonly standIn: string | undefined;
    },
  ): Promise<RenderedPaper>;
}

const PAPER: PaperRecipe = {
  parts: PAPER_SPECS,
  folder: fileURLToPath(new URL("../../experiments/paper", import.meta.url)),
  luteParts: LUTE_ROLES,
  standIn: STAND_IN.overrides,
  downloadStage: "download",
  notebook: {
    title: "The paper's models, opened in a notebook",
    file: new URL("../../notebooks/paper.ipynb", import.meta.url),
    given: (places) => `places = ${JSON.stringify(places)};`,
  },
  render: async ({ runs, standIn }) => {
    const { renderPaper } = await import("../report/paper/paper.ts");
    return await renderPaper({
      runs: runs as Paper["runs"],
      standIn,
      learningRateOf: (spec) => variantWords(spec as Experiment).learningRate,
    });
  },
};

/** The file of the executed notebook beside the page. */
const NOTEBOOK = "notebook.html";

/** A run and what sets it apart from the others of its part. */
interface Planned {
  readonly part: string;
  readonly label: string;
  readonly workflow: Workflow<Experiment>;
  /** Where the spec's values were written. */
  readonly source: SpecSource;
}

/** Runs all parts of the page and makes it. */
export async function makePaper(
  { parts, folder: specs, luteParts, standIn, downloadStage, render, notebook }: PaperRecipe,
  values: Arguments,
  project: Project,
  signal: AbortSignal,
): Promise<number> {
  const clock = performance.now();
  const settingsFor = await settingsOf(values, project.root);
  const { print } = voices(values);
  const say = values.has("json") || values.has("markdown") ? console.error : console.log;
  const folder = `${reportsFolder(values, project.root)}/paper`;
  checkPageFolder(folder, "paper", "Next: --reports DIR.");
  const mirror = values.value("mirror");
  const plan = async (part: string, overrides: readonly string[]): Promise<Planned[]> => {
    const file = `${specs}/${parts[part]}`;
    const planned = (label: string, { spec, source }: WrittenSpec) => ({
      part,
      label,
      workflow: { name: spec.name, spec, settings: settingsFor(`paper/runs/${spec.name}`) },
      source,
    });
    if (!await project.isSweep(file)) return [planned("", await project.load(file, overrides))];
    const { cells } = await project.loadSweep(file, overrides);
    // Runs that differ in the seed alone are of one kind.
    const kind = ({ coordinates }: typeof cells[number]) => coordinates.filter(({ axis }) => axis !== "seed");
    return cells.map((cell) => planned(kind(cell).map(({ value }) => String(value)).join(", "), cell));
  };

  let executed = 0;
  const display = openDisplay(true);
  const options = {
    display,
    onEvent: (event: RunEvent) => {
      if (event.type === "finished") executed++;
      print(event);
    },
  };
  return await withRunSession(values, project, signal, options, async ({ store, runner, anotherRunner }) => {
    // Downloading alone tells whether the files can be had, before anything takes long.
    const downloads = anotherRunner([runner.planner.declaration(downloadStage)]);
    let lute = mirror === undefined ? [] : [sourceOverride(mirror)];
    let reason: string | undefined;
    try {
      const [first] = await plan(luteParts[0]!, lute);
      await project.checkSources([{ spec: first!.workflow.spec, source: first!.source }], store.digests);
      await downloads.run(first!.workflow);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof UserError) || mirror !== undefined) throw error;
      reason = error.message;
      lute = [...standIn];
      say(`note: ${formatUserError(error)}`);
      say("note: The music half runs on piano music in its place. Give the files with --mirror DIR|URL.");
    }

    const planned = (await Promise.all(
      Object.keys(parts).map((part) => plan(part, luteParts.includes(part) ? lute : [])),
    )).flat();
    const results = await Promise.allSettled(planned.map(({ workflow }) => runner.run(workflow)));
    throwFirst(results);
    display.end();

    const runs: Record<string, PaperRun[]> = {};
    for (const [i, { part, label, workflow: { spec } }] of planned.entries()) {
      const stages = (results[i] as PromiseFulfilledResult<Awaited<ReturnType<typeof runner.run>>>).value;
      const place = `runs/${spec.name}`;
      await publish(store, stages.get(project.reportStage)!.record, `${folder}/${place}`, signal);
      (runs[part] ??= []).push({ label, spec, outcome: storedOutcome(store, stages, `${place}/index.html`) });
    }
    const { html, markdown } = await render({ runs, standIn: reason });
    if (notebook) {
      const { executedNotebook } = await import("../report/notebook/notebook.ts");
      const { engine } = settingsFor("paper");
      const places = { artifacts: store.folder, reports: `${folder}/runs`, engine };
      const path = `${folder}/${NOTEBOOK}`;
      const page = await executedNotebook(
        { ...notebook, config: `${project.root}/deno.json`, given: notebook.given(places), follows: html },
        readTextIfPresent(path),
        signal,
      );
      writeAtomically(path, page, `${folder}/.${NOTEBOOK}-${crypto.randomUUID()}`);
    }
    await writePage("the page", folder, { html });
    const seconds = (performance.now() - clock) / 1000;
    print({ type: "summary", runs: planned.length, executed, seconds });
    print({ type: "paper", path: `${folder}/index.html` });
    say(`${plural(planned.length, "run")}, ${plural(executed, "stage")} executed, in ${duration(seconds)}.`);
    if (values.has("markdown")) console.log(markdown);
    say(`The paper: ${folder}/index.html`);
    return 0;
  });
}

function sourceOverride(mirror: string): string {
  if (mirror === "") {
    throw badUsage(
      "Cannot use --mirror: it is empty",
      "Give a folder, or an address that begins with https://",
    );
  }
  const source = /^https?:\/\//.test(mirror)
    ? { type: "https", mirrors: [mirror] }
    : { type: "folder", path: resolve(mirror) };
  return `dataset.source=${JSON.stringify(source)}`;
}
