/**
 * Where a module stands whose exports have the type `Module`. A table of variants holds such addresses, and whoever
 * uses a variant loads its module from there: so a stage's key holds the code of the variants that it uses, and of
 * no others.
 */
export interface ModuleUrl<Module> extends URL {
  /** Carries the type; an address has no such property. */
  readonly exports?: Module;
}

/**
 * The address of a module with the type of its exports.
 *
 * @param url of a file beside the module that calls, or of that module itself
 * @param _exports what a module exports that gives its own address: it cannot import its own type
 *
 * @example The code of a variant stands beside its spec part
 * ```ts ignore
 * module: moduleUrl<typeof import("./model.ts")>(new URL("./model.ts", import.meta.url)),
 * ```
 *
 * @example A variant of one file
 * ```ts
 * import { moduleUrl } from "reparam";
 *
 * export function klWeight(spec: { readonly at: number }, step: number): number {
 *   return step < spec.at ? 0 : 1;
 * }
 *
 * export const module = moduleUrl(new URL(import.meta.url), { klWeight });
 * ```
 */
export function moduleUrl<Module>(url: URL, _exports?: Module): ModuleUrl<Module> {
  return url;
}

/** The address of a file by its absolute path. */
export function fileUrl(path: string): URL {
  const url = new URL("file:///");
  url.pathname = path.replaceAll("%", "%25");
  return url;
}
