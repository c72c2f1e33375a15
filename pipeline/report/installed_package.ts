import { fileURLToPath } from "node:url";

/** What the files of an npm package say of it. */
export interface InstalledPackage {
  /** As it is imported. */
  readonly name: string;
  /** Exactly. */
  readonly version: string;
  /** An SPDX expression: `MIT`, `Apache-2.0 AND MIT`. */
  readonly licence: string | undefined;
  /** The folder of its files, ending in `/`. */
  readonly folder: string;
}

/**
 * Where Deno keeps a package of every name and version. No stage's code names a file in there, since packages are in
 * its key by their versions, and the same version has the same files.
 */
const PACKAGES = "../../node_modules/.deno/";
const FOLDER = new URL(PACKAGES, import.meta.url);

/** A package that Deno has installed; undefined where it has not, as for packages for other systems. */
export function installedPackage(name: string, version: string): InstalledPackage | undefined {
  const folder = new URL(`${name.replace("/", "+")}@${version}/node_modules/${name}/`, FOLDER);
  try {
    return readPackage(fileURLToPath(folder));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/**
 * Reads a package's own `package.json`.
 *
 * @param folder ending in `/`
 * @throws {Deno.errors.NotFound} where it has none
 */
export function readPackage(folder: string): InstalledPackage {
  const { name, version, license } = JSON.parse(Deno.readTextFileSync(`${folder}package.json`));
  return { name, version, licence: typeof license === "string" ? license : undefined, folder };
}

/** The text of a package's licence, with line ends of `\n`. @throws {Error} where the package does not carry it */
export function licenceText({ name, version, folder }: InstalledPackage): string {
  const file = [...Deno.readDirSync(folder)].map(({ name }) => name).sort()
    .find((name) => /^licen[cs]e(\.|$)/i.test(name));
  if (file === undefined) throw new Error(`Cannot find the licence text of ${name} ${version} in ${folder}`);
  return Deno.readTextFileSync(folder + file).replace(/\r\n?/g, "\n").trim();
}
