declare const EXPORTS: unique symbol;

/**
 * Where a module stands whose exports have the type `Module`. A table of variants holds such addresses, and whoever
 * uses a variant loads its module from there: so a stage's key holds the code of the variants that it uses, and of
 * no others.
 */
export type ModuleUrl<Module> = URL & { readonly [EXPORTS]?: Module };

/**
 * The address of a module with the type of its exports.
 *
 * @example
 * ```ts ignore
 * const model = moduleUrl<typeof import("./model.ts")>(new URL("./model.ts", import.meta.url));
 * ```
 */
export function moduleUrl<Module>(url: URL): ModuleUrl<Module> {
  return url;
}
