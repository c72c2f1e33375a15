import { onDisk, removeIfPresent } from "../../store/disk.ts";

/**
 * Writes files to a folder: first all of them to one beside it, then each is moved to its place. A full disk leaves
 * the folder as it was, and a kill at any moment leaves no file half-written
 * there; what it leaves beside is cleared away by the next call. One process at a time may write to a folder.
 */
export function writeTogether(
  folder: string,
  files: readonly { readonly name: string; readonly bytes: Uint8Array }[],
): Promise<void> {
  return onDisk(`Cannot write to ${folder}`, () => {
    const aside = folder.replace(/[^/]*$/, (name) => `.${name}.partial`);
    removeIfPresent(aside);
    try {
      Deno.mkdirSync(aside, { recursive: true });
      for (const { name, bytes } of files) Deno.writeFileSync(`${aside}/${name}`, bytes);
      Deno.mkdirSync(folder, { recursive: true });
      for (const { name } of files) Deno.renameSync(`${aside}/${name}`, `${folder}/${name}`);
    } finally {
      removeIfPresent(aside);
    }
  });
}
