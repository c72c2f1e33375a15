import { usableEngine } from "../../engine/usable.ts";
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
    allowed: ["native", "portable"],
    help: "native (ONNX Runtime, the default) or portable (slow, runs everywhere).",
  },
} as const satisfies Record<string, Option>;

/** The folder of the store, as an absolute path. */
export function storeFolder(values: Arguments, root: string): string {
  return absolute(values.value("artifacts"), `${root}/artifacts`);
}

/** The choices that are part of keys. Tells the user where they cannot be had as they are; so a verb asks once. */
export function settingsOf(values: Arguments): Settings {
  const { name, notice } = usableEngine((values.value("engine") ?? "native") as Settings["engine"]);
  if (notice !== undefined) console.error(`note: ${notice}`);
  return { engine: name };
}

/** An option's folder as an absolute path. */
export function absolute(path: string | undefined, otherwise: string): string {
  if (path === undefined) return otherwise;
  return path.startsWith("/") ? path : `${Deno.cwd()}/${path}`;
}
