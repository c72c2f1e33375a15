/** What fits a path in which `*` stands for any name, or part of one, of a single folder; each is captured. */
export function globPattern(glob: string): RegExp {
  return new RegExp(`^${glob.replace(/[.+?^$()[\]{}|\\]/g, "\\$&").replaceAll("*", "([^/]+)")}$`);
}
