import { resolve } from "node:path";
import {
  BACKEND_NAMES,
  type BackendName,
  BACKENDS,
  DEFAULT_BACKEND,
  usableBackend,
} from "../../engine/backends.ts";
import type { Settings } from "../../stages/declarations.ts";
import { explainDiskError } from "../../store/disk.ts";
import type { Backend } from "../../engine/backend.ts";
import { runsElsewhere } from "../session/executors.ts";
import { type Arguments, badUsage } from "./arguments.ts";
import type { Option } from "./verb.ts";

/** Where the folders of results and reports lie. */
const ROOT_OPTION = {
  root: {
    type: "string",
    value: "DIR",
    help: "The folder of artifacts and reports, of a project of your own. Default: that of Reparam",
  },
} as const satisfies Record<string, Option>;

/** The options of every verb that opens the store. */
export const STORE_OPTION = {
  ...ROOT_OPTION,
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

/** The option of every verb that reads or writes reports. */
export const REPORTS_OPTION = {
  ...ROOT_OPTION,
  reports: { type: "string", value: "DIR", help: "The folder of all reports. Default: reports" },
} as const satisfies Record<string, Option>;

function backendInWords(name: BackendName): string {
  return `${name} (${BACKENDS[name].description}${name === DEFAULT_BACKEND ? ", the default" : ""})`;
}

/** The folder of the store, as an absolute path. @throws {UserError} with exit status 2 where it is a file */
export function storeFolder(values: Arguments, root: string): string {
  return folderOption(values, "artifacts", `${values.value("root") ?? root}/artifacts`);
}

/** The folder of all reports, as an absolute path. @throws {UserError} with exit status 2 where it is a file */
export function reportsFolder(values: Arguments, root: string): string {
  return folderOption(values, "reports", `${values.value("root") ?? root}/reports`);
}

/**
 * The folder that an option names, as an absolute path. It need not be there yet.
 *
 * @throws {UserError} with exit status 2 where something else is there
 */
export function folderOption(values: Arguments, option: string, otherwise: string): string {
  const path = resolve(values.value(option) ?? otherwise);
  const given = values.has(option) ? `--${option} ${path}` : `the folder ${path}`;
  try {
    if (Deno.statSync(path).isDirectory) return path;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return path;
    if (!(error instanceof Deno.errors.NotADirectory)) throw explainDiskError(error, `Cannot use ${given}`);
  }
  throw badUsage(
    `Cannot use ${given}: it is a file, or lies in one, and must be a folder`,
    `Next: --${option} DIR, with another folder.`,
  );
}

/**
 * The choices that are part of keys, for each experiment. Tells the user where they cannot be had as they are; so a
 * verb asks once.
 *
 * @returns the settings of the experiment whose report has a folder below that of all reports
 */
export async function settingsOf(values: Arguments, root: string): Promise<(report: string) => Settings> {
  const wanted = (values.value("engine") ?? DEFAULT_BACKEND) as BackendName;
  const { gpu }: Backend = BACKENDS[wanted];
  // The login node of a cluster has no GPU, and needs none.
  const { name, notice = undefined } = gpu && runsElsewhere(values)
    ? { name: wanted }
    : await usableBackend(wanted);
  if (notice !== undefined) console.error(`note: ${notice}`);
  const reports = reportsFolder(values, root);
  return (report) => ({ engine: name, reportFolder: `${reports}/${report}` });
}
