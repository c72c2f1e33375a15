import { UserError } from "../base/errors.ts";
import { plural } from "../base/words.ts";
import { digestOfFile } from "./digests.ts";
import { entriesOf, isPresent, onDisk, readTextIfPresent, removeIfPresent } from "./disk.ts";
import type { ActionRecord } from "./record.ts";
import { seal, unseal } from "./sealed.ts";
import type { Store } from "./store.ts";

/** The file in a report's folder that says what was published there. */
const MANIFEST = ".published.json";
/** Where a user's files go whose names the report needs, or that were changed by hand. */
const REPLACED = "replaced";

/** What was published: path -> SHA-256. */
type Published = Readonly<Record<string, string>>;

/**
 * Makes `folder` hold the outputs of a stage. Where it does already, nothing is touched; else a new folder takes
 * the place of the old one, so that nobody sees half a report. Then everything of the old folder that was not
 * published moves over: a reader's notes, and under `replaced/` what stands in the report's way. So nothing is
 * ever removed but files that the folder's manifest names and that have the digest it names. A process that is
 * killed on the way leaves all this in `.NAME.publishing` beside the folder, and the next one brings it to its end.
 *
 * The files are copies: whoever edits them does not touch the store.
 */
export function publish(
  store: Store,
  { outputs }: ActionRecord,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  return onDisk(`Cannot write the report ${folder}`, async () => {
    const place = placeOf(folder);
    const wanted = Object.fromEntries(Object.entries(outputs).map(([path, { digest }]) => [path, digest]));
    if (!isPresent(place.aside) && await isPublished(store, wanted, place.folder)) return;
    using _lock = await store.lock(`report-${place.name}`, () => {}, signal);
    await finish(place);
    if (await isPublished(store, wanted, place.folder)) return; // by another process, meanwhile
    try {
      await write(store, wanted, place.fresh);
      if (isPresent(place.folder)) Deno.renameSync(place.folder, place.old);
      Deno.renameSync(place.fresh, place.folder);
    } finally {
      await finish(place);
    }
  });
}

/** Where a report is, and what stands beside it while it is written. */
interface Place {
  readonly name: string;
  readonly folder: string;
  readonly aside: string;
  /** The report that is being written. */
  readonly fresh: string;
  /** The folder that it took the place of. */
  readonly old: string;
}

/** A link to a folder is followed: its files stay on their own disk. */
function placeOf(given: string): Place {
  const folder = isPresent(given) ? Deno.realPathSync(given) : given;
  if (isPresent(folder) && !Deno.statSync(folder).isDirectory) {
    throw new UserError(`Cannot write the report ${given}: there is a file of this name`, {
      notes: ["Move it away, or name another folder with --reports DIR."],
    });
  }
  const slash = folder.lastIndexOf("/");
  const name = folder.slice(slash + 1);
  const aside = `${folder.slice(0, slash)}/.${name}.publishing`;
  return { name, folder, aside, fresh: `${aside}/new`, old: `${aside}/old` };
}

/** Brings to its end what was begun, whenever it was broken off: afterwards nothing is left beside the folder. */
async function finish({ folder, aside, old }: Place): Promise<void> {
  if (!isPresent(aside)) return;
  if (isPresent(old)) {
    if (isPresent(folder)) await handOver(old, folder);
    else Deno.renameSync(old, folder);
  }
  removeIfPresent(aside);
}

/** Writes a report with its manifest. */
async function write(store: Store, wanted: Published, folder: string): Promise<void> {
  Deno.mkdirSync(folder, { recursive: true });
  for (const [path, digest] of Object.entries(wanted)) {
    const target = `${folder}/${path}`;
    Deno.mkdirSync(target.slice(0, target.lastIndexOf("/")), { recursive: true });
    await Deno.copyFile(store.blobPath(digest), target);
    Deno.chmodSync(target, 0o644);
    if (await digestOfFile(target) !== digest) {
      throw new UserError(`Cannot write the report ${folder}: ${path} is damaged in the store`, {
        notes: ["Next: deno task doctor, and run again: it is made anew."],
      });
    }
  }
  Deno.writeTextFileSync(`${folder}/${MANIFEST}`, seal(wanted));
}

/** Moves all that was not published from the old folder to the new one. */
async function handOver(old: string, folder: string): Promise<void> {
  const before = publishedIn(old);
  const now = publishedIn(folder);
  const replaced: string[] = [];
  let isStuck = false;
  const visit = async (prefix: string): Promise<void> => {
    for (const { name, isDirectory, isFile } of Array.from(Deno.readDirSync(`${old}/${prefix}`))) {
      const path = prefix + name;
      if (path === MANIFEST) continue;
      if (isDirectory && entriesOf(`${old}/${path}`).length > 0) {
        await visit(`${path}/`);
        continue;
      }
      if (isFile && (own(before, path) ?? own(now, path)) !== undefined) {
        const digest = await digestOfFile(`${old}/${path}`);
        if (digest === own(before, path) || digest === own(now, path)) continue;
      }
      if (!isPresent(`${old}/${path}`)) isStuck = true; // its name is no Unicode
      else if (!move(`${old}/${path}`, `${folder}/${path}`)) {
        replaced.push(path);
        moveToReplaced(`${old}/${path}`, folder, path);
      }
    }
  };
  await visit("");
  if (isStuck) moveToReplaced(old, folder, "old");
  if (replaced.length === 0) return;
  const [first, ...more] = replaced;
  const others = more.length > 0 ? ` and ${plural(more.length, "other file")}` : "";
  console.error(`note: ${first}${others} of ${folder} had been changed: see ${REPLACED}/ there`);
}

/** Moves to the first of `replaced/`, `replaced-2/`, ... where there is room. */
function moveToReplaced(from: string, folder: string, path: string): void {
  for (let n = 1; !move(from, `${folder}/${REPLACED}${n > 1 ? `-${n}` : ""}/${path}`);) n++;
}

/** Moves to a name that nobody has yet. @returns false where somebody has it, or has a file where a folder is needed */
function move(from: string, to: string): boolean {
  try {
    Deno.mkdirSync(to.slice(0, to.lastIndexOf("/")), { recursive: true });
    if (isPresent(to)) return false;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists || error instanceof Deno.errors.NotADirectory) {
      return false;
    }
    throw error;
  }
  Deno.renameSync(from, to);
  return true;
}

/** Whether a folder holds just these outputs, apart from what is a user's. */
async function isPublished(store: Store, wanted: Published, folder: string): Promise<boolean> {
  const there = publishedIn(folder);
  const paths = Object.keys(wanted);
  if (Object.keys(there).length !== paths.length) return false;
  try {
    for (const path of paths) {
      if (own(there, path) !== wanted[path]) return false;
      if (await store.digests.digest(`${folder}/${path}`) !== wanted[path]) return false;
    }
  } catch (error) {
    // Removed, or something else in its place.
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.IsADirectory) return false;
    throw error;
  }
  return true;
}

/** Where the manifest is missing or damaged, everything is taken for a user's. */
function publishedIn(folder: string): Published {
  const value = unseal(readTextIfPresent(`${folder}/${MANIFEST}`) ?? "");
  return typeof value === "object" && value !== null ? value as Published : {};
}

/** A path may be named like something that every object inherits. */
function own(published: Published, path: string): string | undefined {
  return Object.hasOwn(published, path) ? published[path] : undefined;
}
