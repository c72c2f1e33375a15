import type { StageContext } from "../../../pipeline/graph/stage.ts";

/** Takes its time, and has no checkpoint to go on from. */
export async function run(context: StageContext<{ seconds: number }>): Promise<void> {
  for (let second = 0; second < context.slice.seconds; second += 0.1) {
    context.signal.throwIfAborted();
    context.progress({ fraction: second / context.slice.seconds, text: `${second.toFixed(1)} s` });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await Deno.writeTextFile(context.output("done.txt"), "done");
}
