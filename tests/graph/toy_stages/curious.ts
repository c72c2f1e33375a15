import type { StageContext } from "../../../pipeline/graph/stage.ts";

/** Writes what a list of expressions comes to, or how each fails. */
export async function run(context: StageContext<{ expressions: string[] }>): Promise<void> {
  const answers: string[] = [];
  for (const expression of context.slice.expressions) {
    try {
      // deno-lint-ignore no-explicit-any -- what a stage may ask for is the test's affair
      const value: any = await new Function("file", `return ${expression}`)(context.output("file.txt"));
      answers.push(JSON.stringify(value) ?? String(value));
    } catch (error) {
      answers.push(String(error));
    }
  }
  await Deno.writeTextFile(context.output("answers.txt"), answers.join("\n"));
}
