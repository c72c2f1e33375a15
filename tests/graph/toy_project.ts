import { fileURLToPath } from "node:url";
import type { Project } from "../../pipeline/commands/command.ts";
import type { StageDeclaration } from "../../pipeline/graph/stage.ts";
import { type Axis, cellNames, combinations } from "../../pipeline/spec/sweep_cells.ts";

/** make -> sum -> draw: numbers, their sum modulo something, a page that shows it. */
export interface ToySpec {
  readonly name: string;
  readonly count: number;
  readonly modulus: number;
  readonly title: string;
  /** How long each addition takes. */
  readonly milliseconds: number;
}

export const TOY: ToySpec = { name: "toy", count: 5, modulus: 1000, title: "Sum", milliseconds: 0 };

export const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** @param folder URL of the stages' modules */
export function toyDeclarations(
  folder: URL = new URL("./toy_stages/", import.meta.url),
): StageDeclaration<ToySpec>[] {
  return [
    {
      name: "make",
      module: new URL("make.ts", folder),
      slice: ({ count }) => ({ count }),
      inputs: () => [],
      permissions: () => ({}),
    },
    {
      name: "sum",
      module: new URL("sum.ts", folder),
      slice: ({ modulus, milliseconds }) => ({ modulus, milliseconds }),
      inputs: () => [{ stage: "make", path: "numbers.txt" }],
      permissions: () => ({}),
    },
    {
      name: "draw",
      module: new URL("draw.ts", folder),
      slice: ({ title }) => ({ title }),
      inputs: () => [{ stage: "sum", path: "" }],
      permissions: () => ({}),
    },
  ];
}

/**
 * A command line over the toy stages. Specs are JSON; `--set` knows the top level. A sweep is a name and a matrix;
 * a comparison is a line for each candidate.
 */
export const TOY_PROJECT: Project<ToySpec> = {
  root: ROOT,
  reportStage: "draw",
  sampledStages: [],
  sample: () => Promise.resolve([]),
  declarations: () => Promise.resolve(toyDeclarations()),
  load: async (path, overrides) => {
    const changes = overrides.map((override) => {
      const [name, value] = override.split("=") as [string, string];
      return [name, /^\d+$/.test(value) ? Number(value) : value];
    });
    const text = await Deno.readTextFile(path);
    return { spec: { ...TOY, ...JSON.parse(text), ...Object.fromEntries(changes) }, notices: [] };
  },
  isSweep: async (path) => "matrix" in JSON.parse(await Deno.readTextFile(path)),
  loadSweep: async (path) => {
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
  pathInReport: (output) => Promise.resolve(output === "draw/index.html" ? "index.html" : undefined),
  compare: async ({ candidates }) => {
    const lines = await Promise.all(candidates.map(async ({ name, outcome }) => {
      if (outcome.status !== "done") return `${name}: ${outcome.status}, ${outcome.reason}`;
      const drawn = new TextDecoder().decode(await outcome.read("draw/index.html")).trim();
      return `${name}: ${drawn} ${outcome.link}`;
    }));
    const text = lines.join("\n") + "\n";
    return { html: text, markdown: text };
  },
  paper: () =>
    Promise.resolve({
      parts: { images: "images.json", music: "music.json" },
      folder: ".",
      luteParts: ["music"],
      standIn: ["count=3"],
      render: async ({ runs, standIn }) => {
        const lines = await Promise.all(
          Object.entries(runs).flatMap(([part, runs]) =>
            runs.map(async ({ label, outcome }) => {
              const drawn = new TextDecoder().decode(await outcome.read("draw/index.html")).trim();
              return `${part} ${label}: ${drawn} ${outcome.link}`;
            })
          ),
        );
        const text = [...lines, `stand-in: ${standIn ?? "none"}`].join("\n") + "\n";
        return { html: text, markdown: text };
      },
    }),
};
