import { join, resolve } from "node:path";
import config from "../../deno.json" with { type: "json" };

/** Which Reparam this is. */
export interface Release {
  readonly version: string;
  /** The commit that is checked out, in hexadecimal digits; null where the files are no checkout of Git. */
  readonly commit: string | null;
}

/** The version in `deno.json` and the commit of the checkout around it. @param root the folder of `deno.json` */
export function releaseAt(root: string): Release {
  return { version: config.version, commit: commitAt(root) };
}

/** Reads what `git rev-parse HEAD` would print from Git's own files (gitrepository-layout(5)), without running Git. */
function commitAt(root: string): string | null {
  const folder = gitFolder(root);
  const head = folder && read(join(folder, "HEAD"));
  if (!folder || !head) return null;
  const [, ref] = /^ref: (.+)$/.exec(head) ?? [];
  if (ref === undefined) return commitIn(head);
  // A worktree has its own HEAD, and its branches where the main checkout has them.
  const shared = read(join(folder, "commondir"));
  const common = shared ? resolve(folder, shared) : folder;
  const packed = read(join(common, "packed-refs"))?.split("\n").find((line) => line.endsWith(` ${ref}`));
  return commitIn(read(join(common, ref)) ?? packed?.split(" ")[0] ?? "");
}

function gitFolder(root: string): string | undefined {
  const path = join(root, ".git");
  const link = read(path);
  if (link === undefined) return path;
  const [, folder] = /^gitdir: (.+)$/.exec(link) ?? [];
  return folder && resolve(root, folder);
}

function commitIn(text: string): string | null {
  return /^[0-9a-f]{40,64}$/.test(text) ? text : null;
}

/** A file's text without the line's end; undefined where there is no such file, or it may not be read. */
function read(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path).trimEnd();
  } catch {
    return undefined;
  }
}
