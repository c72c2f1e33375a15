import type { Json } from "./json.ts";

/** A module of a user's where a spec could name a variant. */
export interface OwnModule {
  /** Its file: in a spec as it is written, then absolute, in keys its last name alone. */
  readonly module: string;
  /** What the module's own schema makes of what the spec says; as it is written until the module was looked at. */
  readonly options: Readonly<Record<string, Json>>;
}

/** Whether a part of a spec names a module of the user's. */
export function isOwn<Part extends object>(part: Part): part is Part & OwnModule {
  return "module" in part;
}

/** The part of a spec as keys have it: neither where a module lies nor what follows from its code. */
export function inKey<Part extends object>(part: Part): Part {
  if (!isOwn(part)) return part;
  const { about: _, ...written } = part as typeof part & { readonly about?: unknown };
  return { ...written, module: moduleName(part) } as Part & OwnModule;
}

/** What a variant is called: a module of the user's by its file. */
export function titleOfVariant(part: object, name: string): string {
  return isOwn(part) ? moduleName(part) : name;
}

/** The last name of a module's file. */
export function moduleName({ module }: Pick<OwnModule, "module">): string {
  return module.slice(Math.max(module.lastIndexOf("/"), module.lastIndexOf("\\")) + 1);
}
