import { FormatError } from "../../formats/format_error.ts";
import { decodeNpy } from "../../formats/npy.ts";
import { decodeSafetensors } from "../../formats/safetensors.ts";
import { listFiles } from "../../store/disk.ts";
import type { ActionRecord } from "../../store/record.ts";
import type { Store } from "../../store/store.ts";

/** The first difference between the outputs that a record names and those in a folder, in words. */
export async function compareOutputs(
  store: Store,
  { outputs }: ActionRecord,
  folder: string,
): Promise<string | undefined> {
  const made = listFiles(folder);
  for (const name of Object.keys(outputs).sort()) {
    if (!made.includes(name)) return `${name} was not made this time`;
    const { digest } = outputs[name]!;
    if (await store.digests.digest(`${folder}/${name}`) === digest) continue;
    const [before, after] = await Promise.all([
      Deno.readFile(store.blobPath(digest)),
      Deno.readFile(`${folder}/${name}`),
    ]);
    return `${name} differs: ${firstDifference(name, before, after)}`;
  }
  const extra = made.find((name) => !Object.hasOwn(outputs, name));
  return extra === undefined ? undefined : `${extra} was not made the first time`;
}

/** Where two files with one name differ first: a number where the format holds numbers, else a line or a byte. */
export function firstDifference(
  name: string,
  before: Uint8Array<ArrayBuffer>,
  after: Uint8Array<ArrayBuffer>,
): string {
  const extension = name.slice(name.lastIndexOf(".") + 1);
  try {
    switch (extension) {
      case "npy": {
        const [a, b] = [decodeNpy(before), decodeNpy(after)];
        if (String(a.shape) !== String(b.shape)) return `shape [${a.shape}] -> [${b.shape}]`;
        return numberDifference(a.data, b.data, a.shape) ?? byteDifference(before, after);
      }
      case "safetensors": {
        const [a, b] = [decodeSafetensors(before), decodeSafetensors(after)];
        for (const [tensor, { shape, data }] of Object.entries(a.tensors)) {
          const other = b.tensors[tensor];
          if (!other) return `tensor ${tensor} is gone`;
          if (String(shape) !== String(other.shape)) {
            return `tensor ${tensor}: shape [${shape}] -> [${other.shape}]`;
          }
          const difference = numberDifference(data, other.data, shape);
          if (difference) return `tensor ${tensor} ${difference}`;
        }
        return byteDifference(before, after);
      }
      case "json":
      case "csv":
      case "svg":
      case "html":
      case "txt":
      case "md":
        return lineDifference(new TextDecoder().decode(before), new TextDecoder().decode(after));
    }
  } catch (error) {
    if (!(error instanceof FormatError)) throw error; // then it is compared as bytes
  }
  return byteDifference(before, after);
}

/** "at [3, 0]: 0.25 -> 0.5"; undefined where no number differs. */
function numberDifference(
  a: ArrayLike<number | bigint>,
  b: ArrayLike<number | bigint>,
  shape: readonly number[],
): string | undefined {
  for (let i = 0; i < a.length; i++) {
    if (Object.is(a[i], b[i])) continue;
    const index: number[] = [];
    let rest = i;
    for (const size of shape.toReversed()) {
      index.unshift(rest % size);
      rest = Math.floor(rest / size);
    }
    return `at [${index.join(", ")}]: ${a[i]} -> ${b[i]}`;
  }
  return undefined;
}

/** The first line that differs, from a little before the first character that does. */
function lineDifference(before: string, after: string): string {
  const [a, b] = [before.split("\n"), after.split("\n")];
  const line = a.findIndex((text, i) => text !== b[i]);
  const at = line < 0 ? a.length : line;
  const [x, y] = [a[at] ?? "", b[at] ?? ""];
  let column = 0;
  while (column < x.length && x[column] === y[column]) column++;
  const around = (text: string) => JSON.stringify(text.slice(Math.max(0, column - 20), column + 40));
  return `line ${at + 1}, column ${column + 1}: ${around(x)} -> ${around(y)}`;
}

function byteDifference(a: Uint8Array, b: Uint8Array): string {
  let offset = 0;
  while (offset < a.length && offset < b.length && a[offset] === b[offset]) offset++;
  const shown = (bytes: Uint8Array) => offset < bytes.length ? String(bytes[offset]) : "end of file";
  return `byte ${offset}: ${shown(a)} -> ${shown(b)}`;
}
