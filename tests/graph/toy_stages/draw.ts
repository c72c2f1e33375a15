import type { StageContext } from "../../../pipeline/graph/stage.ts";
import { scale } from "./helpers.ts";

/** Draws the sum with a title, in a frame that stands in a file beside the code. */
export async function run(context: StageContext<{ title: string }>): Promise<void> {
  const sum = Number(await Deno.readTextFile(context.input("sum/sum.txt")));
  const frame = await Deno.readTextFile(new URL("./frame.txt", import.meta.url));
  await Deno.writeTextFile(
    context.output("index.html"),
    `${frame.trim()}${context.slice.title}: ${scale(sum)}\n`,
  );
}
