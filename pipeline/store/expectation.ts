import { globPattern } from "../base/glob.ts";
import type { ActionRecord } from "./record.ts";

/** A file, or files of one kind, that a stage writes. */
export interface ExpectedOutput {
  /** Its path; `*` stands for any part of a name, and there may be any number of such files, or none. */
  readonly path: string;
  /** Whether the stage writes it only where there is something to write. */
  readonly optional?: boolean;
  readonly mostBytes: number;
  /** The only content that it may have, where that is known before. */
  readonly sha256?: string;
  /** Reads a content as later stages do. Throws where it is not such a file. */
  readonly read?: (bytes: Uint8Array<ArrayBuffer>) => unknown;
}

/** What a record of a stage must be like before it is believed. */
export interface Expectation {
  readonly stage: string;
  /** All files that the stage may write; whatever it likes where this is left out. */
  readonly outputs?: readonly ExpectedOutput[] | undefined;
  /** Looks at several outputs together. Throws where one does not belong to another. */
  readonly together?:
    | ((bytes: (path: string) => Promise<Uint8Array<ArrayBuffer>>) => Promise<void>)
    | undefined;
}

/** How many files may match patterns with `*`. */
const MOST_MATCHES = 10_000;

/** Says why a record does not fit, as the end of a sentence about "its record"; undefined where it fits. */
export function misfit({ stage, outputs }: ActionRecord, expected: Expectation): string | undefined {
  if (stage !== expected.stage) return `is of the stage ${stage.slice(0, 80)}`;
  if (!expected.outputs) return undefined;
  const names = Object.keys(outputs);
  const missing = expected.outputs.find(({ path, optional }) =>
    !optional && !path.includes("*") && !Object.hasOwn(outputs, path)
  );
  if (missing) return `has no ${missing.path}, which the stage writes`;
  if (names.length > expected.outputs.length + MOST_MATCHES) return `names ${names.length} outputs`;
  const find = finder(expected.outputs);
  for (const name of names) {
    const output = find(name);
    const { digest, size } = outputs[name]!;
    if (!output) return `names ${JSON.stringify(name.slice(0, 80))}, which the stage does not write`;
    if (size > output.mostBytes) return `says that ${name} has ${size} bytes, more than ${output.mostBytes}`;
    if (output.sha256 !== undefined && digest !== output.sha256) return `has another content for ${name}`;
  }
  return undefined;
}

/**
 * What is wrong with the contents that a record names, each read as what it is declared to be.
 * @param read the bytes of a blob
 */
export async function misread(
  { outputs }: ActionRecord,
  expected: Expectation,
  read: (digest: string) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<string | undefined> {
  const find = finder(expected.outputs ?? []);
  for (const [name, { digest, size }] of Object.entries(outputs)) {
    const output = find(name);
    try {
      if (output?.read) {
        const bytes = await read(digest);
        if (bytes.length !== size) return `says that ${name} has ${size} bytes, and it has ${bytes.length}`;
        await output.read(bytes);
      }
    } catch (error) {
      return `names a file that is no ${name}: ${reason(error)}`;
    }
  }
  try {
    await expected.together?.((path) => read(outputs[path]!.digest));
  } catch (error) {
    return `names files that do not belong together: ${reason(error)}`;
  }
  return undefined;
}

/** Errors of readers are kept to one line: they may repeat what a server sent. */
function reason(error: unknown): string {
  // deno-lint-ignore no-control-regex
  return String((error as Error).message).replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ").slice(0, 200);
}

/** Finds what is said of an output: by its name, or by the first pattern that it matches. */
function finder(outputs: readonly ExpectedOutput[]): (name: string) => ExpectedOutput | undefined {
  const exact = new Map(outputs.map((output) => [output.path, output]));
  const patterns = outputs.filter(({ path }) => path.includes("*")).map((output) => ({
    output,
    pattern: globPattern(output.path),
  }));
  return (name) => exact.get(name) ?? patterns.find(({ pattern }) => pattern.test(name))?.output;
}
