import type { StageContext } from "../../../pipeline/graph/stage.ts";

/** A variant of how numbers are arranged. */
export interface Order {
  compare(a: number, b: number): number;
}

type Modules = { readonly first: Order; readonly second: Order };

/** Arranges numbers in two ways, each by the variant that has the role. */
export async function run(context: StageContext<null, null, Modules>): Promise<void> {
  const text = await Deno.readTextFile(context.input("make/numbers.txt"));
  for (const role of ["first", "second"] as const) {
    const { compare } = await context.load(role);
    const sorted = text.split("\n").map(Number).sort(compare);
    await Deno.writeTextFile(context.output(`${role}.txt`), sorted.join("\n"));
  }
}
