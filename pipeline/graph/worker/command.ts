import { fileURLToPath } from "node:url";
import type { StagePermissions } from "../stage.ts";
import { MACHINE_PERMISSIONS } from "./machine.ts";
import type { Assignment } from "./protocol.ts";

/** What a worker may reach, apart from its inputs. */
export interface WorkerSandbox {
  /** The folder of `deno.json`. */
  readonly root: string;
  /** Files of the stage's code, and folders of its packages. */
  readonly code: readonly string[];
  /** The folder of all blobs, inputs among them. */
  readonly blobs: string;
  /** The folder that the worker may write to. */
  readonly workFolder: string;
  readonly permissions: StagePermissions;
}

/** Linux takes 128 kB in one argument. */
const MOST_INPUTS_BY_NAME = 200;

/** Environment of a worker: a time zone or a language must not find its way into a result. */
export const WORKER_ENVIRONMENT = { TZ: "UTC", LC_ALL: "C.UTF-8" };

/** Arguments of Deno that start a worker, with permissions for just what its stage declares. */
export function workerArguments(
  { inputs }: Assignment,
  { root, code, blobs, workFolder, permissions }: WorkerSandbox,
): string[] {
  // No system takes an argument of any length; and nobody comes upon the digest of a blob by accident.
  const files = [...new Set(Object.values(inputs))];
  const readable = files.length > MOST_INPUTS_BY_NAME ? [blobs] : files;
  const { net = [], run = [], read = [], env = [], ffi = false } = permissions;
  const flag = (name: string, values: readonly string[]) =>
    values.length === 0
      ? []
      : [`--allow-${name}=${values.map((value) => value.replaceAll(",", ",,")).join(",")}`];
  const programs = run.includes("deno") ? [...run, Deno.execPath()] : run;
  return [
    "run",
    "--quiet",
    "--no-prompt",
    "--cached-only",
    `--config=${root}/deno.json`,
    ...flag("read", [...code, ...readable, workFolder, ...read]),
    ...flag("write", [workFolder]),
    ...flag("net", net),
    ...flag("run", programs),
    ...flag("env", env),
    ...flag("sys", MACHINE_PERMISSIONS), // given up before the stage begins
    // What is not declared looks unset: libraries ask for many variables and can do without.
    "--ignore-env",
    // Reading a native pointer needs the whole permission: one limited to a folder only loads libraries.
    ...(ffi ? ["--allow-ffi"] : []),
    fileURLToPath(new URL("./worker.ts", import.meta.url)),
  ];
}
