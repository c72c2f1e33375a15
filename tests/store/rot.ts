import { seal, unseal } from "../../pipeline/store/sealed.ts";

/**
 * Flips a bit of a blob below the file system, as a failing disk does: size and times stay, which the memo of
 * digests is told here, since no test can set a file's status-change time.
 * @param folder of a store that nobody has open
 */
export function rot(folder: string, digest: string, at = 0): void {
  const path = `${folder}/cas/${digest}`;
  const bytes = Deno.readFileSync(path);
  bytes[at % bytes.length]! ^= 1;
  Deno.chmodSync(path, 0o644);
  Deno.writeFileSync(path, bytes);
  Deno.chmodSync(path, 0o444);
  const memo = `${folder}/digests.json`;
  const { ino, size, mtime, ctime } = Deno.statSync(path);
  const rows = (unseal(Deno.readTextFileSync(memo)) as unknown[][]).filter(([known]) => known !== path);
  rows.push([path, ino, size, mtime!.getTime(), ctime!.getTime(), digest]);
  Deno.writeTextFileSync(memo, seal(rows));
}
