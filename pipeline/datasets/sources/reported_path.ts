import { basename, relative } from "node:path";

/**
 * A path as a report has it, which others read: relative to the report's folder, or the last name alone where the
 * way there would show the name of a user or of a disk.
 *
 * @param folder absolute, as `path` is
 */
export function reportedPath(folder: string, path: string): string {
  return owner(folder) === owner(path) ? relative(folder, path) || "." : basename(path);
}

/** The first folder of a path, with that of the user where homes are kept there. */
function owner(path: string): string {
  const [, first = "", second = ""] = path.split(/[\\/]/);
  return /^(home|Users)$/.test(first) ? `${first}/${second}` : first;
}
