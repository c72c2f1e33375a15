import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Progress } from "../../../pipeline/base/progress.ts";
import type { DatasetOrigin } from "../../../pipeline/datasets/origin.ts";
import type { Delivery } from "../../../pipeline/datasets/sources/source.ts";
import { randomStream } from "../../../pipeline/base/random.ts";

/** Bytes that gzip cannot shrink, so that cuts fall where a test puts them. */
export function noise(name: string, length: number): Uint8Array<ArrayBuffer> {
  const stream = randomStream(1, name);
  return Uint8Array.from({ length }, () => stream.integer(256));
}

export const FILES: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
  "images-ubyte": noise("images", 200_000),
  "labels-ubyte": noise("labels", 1000),
};

export const ORIGIN: DatasetOrigin = {
  authors: ["A. Tester"],
  licence: { name: "CC0", url: "https://example.org/licence" },
  url: "https://example.org/",
  files: Object.entries(FILES).map(([name, bytes]) => ({
    name,
    bytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
  })),
  npm: { package: "none", version: "0.0.0", integrity: "", folder: "." },
  mirrors: ["https://example.org/files/"],
};

export interface TestDelivery extends Delivery {
  readonly events: Progress[];
  readonly folder: string;
  /** Names of the files in `output` and in `scratch`. */
  left(): { output: string[]; scratch: string[] };
}

/** Runs `test` with a delivery into a fresh folder, which is removed after. */
export async function withDelivery(
  test: (delivery: TestDelivery) => Promise<void>,
  options: { readonly origin?: DatasetOrigin; readonly signal?: AbortSignal } = {},
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "reparam-" });
  const scratch = join(folder, "scratch");
  const output = join(folder, "output");
  await Deno.mkdir(scratch);
  await Deno.mkdir(output);
  const events: Progress[] = [];
  const list = (path: string) => Array.from(Deno.readDirSync(path), ({ name }) => name).sort();
  try {
    await test({
      title: "Test data",
      origin: options.origin ?? ORIGIN,
      output: (name) => join(output, name),
      scratch,
      signal: options.signal ?? new AbortController().signal,
      progress: (event) => void events.push(event),
      events,
      folder,
      left: () => ({ output: list(output), scratch: list(scratch) }),
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
