import {
  BACKEND_NAMES,
  type BackendName,
  BACKENDS,
  DEFAULT_BACKEND,
  usableBackend,
} from "../../engine/backends.ts";
import type { Settings } from "../../stages/declarations.ts";
import type { Arguments } from "./arguments.ts";
import type { Option } from "./verb.ts";

/** The option of every verb that opens the store. */
export const STORE_OPTION = {
  artifacts: { type: "string", value: "DIR", help: "Where results are kept. Default: artifacts" },
} as const satisfies Record<string, Option>;

/** The options of every verb that reads specs. */
export const SPEC_OPTIONS = {
  set: {
    type: "string",
    multiple: true,
    value: "a.b=c",
    help: "Override a value of the spec; may be given several times.",
  },
  engine: {
    type: "string",
    value: "NAME",
    allowed: BACKEND_NAMES,
    help: `${BACKEND_NAMES.map(backendInWords).join(" or ")}.`,
  },
} as const satisfies Record<string, Option>;

function backendInWords(name: BackendName): string {
  return `${name} (${BACKENDS[name].description}${name === DEFAULT_BACKEND ? ", the default" : ""})`;
}

/** The folder of the store, as an absolute path. */
export function storeFolder(values: Arguments, root: string): string {
  return absolute(values.value("artifacts"), `${root}/artifacts`);
}

/** The choices that are part of keys. Tells the user where they cannot be had as they are; so a verb asks once. */
export async function settingsOf(values: Arguments): Promise<Settings> {
  const { name, notice } = await usableBackend((values.value("engine") ?? DEFAULT_BACKEND) as BackendName);
  if (notice !== undefined) console.error(`note: ${notice}`);
  return { engine: name };
}

/** An option's folder as an absolute path. */
export function absolute(path: string | undefined, otherwise: string): string {
  if (path === undefined) return otherwise;
  return path.startsWith("/") ? path : `${Deno.cwd()}/${path}`;
}
