import type { StageContext } from "../../../pipeline/graph/stage.ts";

/** Adds numbers up one by one, with a checkpoint after each, as a training does. */
export async function run(context: StageContext<{ modulus: number; milliseconds: number }>): Promise<void> {
  const { modulus, milliseconds } = context.slice;
  const numbers = (await Deno.readTextFile(context.input("make/numbers.txt"))).split("\n").map(Number);
  const checkpoint = `${context.scratch}/checkpoint.json`;
  let state = { done: 0, sum: 0 };
  try {
    state = JSON.parse(await Deno.readTextFile(checkpoint));
    context.notice(`resumed after ${state.done} of ${numbers.length}`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  while (state.done < numbers.length) {
    context.signal.throwIfAborted();
    state = { done: state.done + 1, sum: state.sum + numbers[state.done]! };
    await Deno.writeTextFile(`${checkpoint}.new`, JSON.stringify(state));
    await Deno.rename(`${checkpoint}.new`, checkpoint);
    context.progress({
      fraction: state.done / numbers.length,
      text: `${state.done}/${numbers.length} numbers`,
    });
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
  }
  context.record("numbers", numbers.length);
  await Deno.writeTextFile(context.output("sum.txt"), String(state.sum % modulus));
}
