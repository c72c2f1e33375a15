import type { Project } from "../../pipeline/commands/line/project.ts";
import type { VerbTable } from "../../pipeline/commands/line/verb.ts";
import type { makePaper } from "../../pipeline/commands/paper.ts";
import type { RenderComparison } from "../../pipeline/commands/session/outcomes.ts";
import { VERBS } from "../../pipeline/commands/verbs.ts";
import type { Outcome } from "../../pipeline/report/compare/candidate.ts";
import type { Axis } from "../../pipeline/spec/sweep_cells.ts";
import { ROOT, TOY, toyDeclarations } from "../graph/toy_project.ts";

/** The toy stages as a project. Specs are JSON; `--set` knows the top level. A sweep is a name and a matrix. */
const project = {
  root: ROOT,
  reportStage: "draw",
  declarations: () => Promise.resolve(toyDeclarations()),
  load: async (path: string, overrides: readonly string[]) => {
    const changes = overrides.map((override) => {
      const [name, value] = override.split("=") as [string, string];
      return [name, /^\d+$/.test(value) ? Number(value) : value];
    });
    const text = await Deno.readTextFile(path);
    return { spec: { ...TOY, ...JSON.parse(text), ...Object.fromEntries(changes) }, notices: [] };
  },
  isSweep: async (path: string) => "matrix" in JSON.parse(await Deno.readTextFile(path)),
  loadSweep: async (path: string) => {
    const { cellNames, combinations } = await import("../../pipeline/spec/sweep_cells.ts");
    const { name, matrix } = JSON.parse(await Deno.readTextFile(path));
    const axes = Object.entries(matrix).map(([name, values]): Axis => ({
      name,
      values: values as Axis["values"],
    }));
    const all = combinations(axes);
    const names = cellNames(all);
    const cells = all.map((coordinates, i) => {
      const changes = Object.fromEntries(coordinates.map(({ axis, value }) => [axis, value]));
      return { name: names[i]!, coordinates, spec: { ...TOY, ...changes, name: `${name}-${names[i]}` } };
    });
    return { name, title: name, description: "", cells, notices: [] };
  },
  withModules: <Workflows>(workflows: Workflows) => Promise.resolve(workflows),
  checkSources: () => Promise.resolve(),
};

/** The verbs pass a spec on, and ask it for its name alone: so a toy's may take an experiment's place. */
export const TOY_PROJECT = project as unknown as Project;

/** A line for each candidate. */
const renderToys: RenderComparison = async ({ candidates }) => {
  const lines = await Promise.all(
    candidates.map(async ({ name, outcome }) =>
      outcome.status === "done"
        ? `${name}: ${await drawn(outcome)} ${outcome.link}`
        : `${name}: ${outcome.status}, ${outcome.reason}`
    ),
  );
  const text = lines.join("\n") + "\n";
  return { html: text, markdown: text };
};

const TOY_PAPER: Parameters<typeof makePaper>[0] = {
  parts: { images: "images.json", music: "music.json" },
  folder: ".",
  luteParts: ["music"],
  standIn: ["count=3"],
  downloadStage: "make",
  render: async ({ runs, standIn }) => {
    const lines = await Promise.all(
      Object.entries(runs).flatMap(([part, runs]) =>
        runs.map(async ({ label, outcome }) => `${part} ${label}: ${await drawn(outcome)} ${outcome.link}`)
      ),
    );
    const text = [...lines, `stand-in: ${standIn ?? "none"}`].join("\n") + "\n";
    return { html: text, markdown: text };
  },
};

/** All verbs, loaded when they are called for; those that make a page of several runs make one of toys. */
export const TOY_VERBS: VerbTable = {
  ...VERBS,
  sweep: async () => {
    const { sweep, verb } = await import("../../pipeline/commands/sweep/verb.ts");
    return { verb: { ...verb, execute: (...given) => sweep(...given, renderToys) } };
  },
  compare: async () => {
    const { compare, verb } = await import("../../pipeline/commands/compare.ts");
    return {
      verb: { ...verb, execute: (values, project, signal) => compare(values, project, signal, renderToys) },
    };
  },
  paper: async () => {
    const { makePaper, verb } = await import("../../pipeline/commands/paper.ts");
    return { verb: { ...verb, execute: (...given) => makePaper(TOY_PAPER, ...given) } };
  },
};

async function drawn(outcome: Extract<Outcome, { status: "done" }>): Promise<string> {
  return new TextDecoder().decode(await outcome.read("draw/index.html")).trim();
}
