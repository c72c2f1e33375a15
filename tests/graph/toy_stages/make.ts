import type { StageContext } from "../../../pipeline/graph/stage.ts";

/** Writes `count` numbers, and a file that never changes. */
export async function run(context: StageContext<{ count: number }>): Promise<void> {
  const { count } = context.slice;
  await Deno.writeTextFile(
    context.output("numbers.txt"),
    Array.from({ length: count }, (_, i) => i + 1).join("\n"),
  );
  await Deno.writeTextFile(context.output("notes/readme.txt"), "always the same");
}
