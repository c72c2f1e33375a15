import { fileURLToPath } from "node:url";
import type { StageDeclaration } from "../../pipeline/graph/stage.ts";

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
