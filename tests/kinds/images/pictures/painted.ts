import { dirname, join } from "node:path";
import { randomStream } from "../../../../pipeline/base/random.ts";
import { encodePng } from "../../../../pipeline/formats/png.ts";

/** A PNG of one colour with some noise. */
export function painted(width: number, height: number, colour: readonly number[], seed: number): Uint8Array {
  const random = randomStream(seed, "painted");
  const pixels = Uint8Array.from(
    { length: width * height * 3 },
    (_, i) => Math.min(255, Math.max(0, colour[i % 3]! + random.integer(21) - 10)),
  );
  return encodePng({ width, height, channels: 3, pixels });
}

/** Writes files to a folder, with their folders. */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeFile(path, typeof content === "string" ? new TextEncoder().encode(content) : content);
  }
}
