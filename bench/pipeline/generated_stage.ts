import type { StageContext } from "../../pipeline/graph/stage.ts";

/** Stands for the code of every stage of the generated DAG. */
export async function run(context: StageContext<{ readonly i: number }>): Promise<void> {
  await Deno.writeTextFile(context.output("out.txt"), `output of stage ${context.slice.i}\n`);
}
