import type { StageContext } from "../../../pipeline/graph/stage.ts";

/** Takes memory, and writes a file of so many megabytes. */
export async function run(
  { slice, ...context }: StageContext<{ memory: number; file: number }>,
): Promise<void> {
  const held = Array.from({ length: slice.memory }, () => new Uint8Array(1e6).fill(1));
  // As long as whoever counts it takes to look.
  if (held.length > 0) await new Promise((resolve) => setTimeout(resolve, 30_000));
  using file = await Deno.open(context.output("numbers.bin"), { write: true, create: true });
  for (let i = 0; i < slice.file; i++) await file.write(new Uint8Array(1e6).fill(held.length + i));
}
