import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, stop } from "esbuild";
import { type InstalledPackage, licenceText, readPackage } from "./installed_package.ts";

/** The script of a page. */
export interface PageScript {
  /** One script that loads nothing. It begins with the licence texts of `packages`, where there are any. */
  readonly text: string;
  /** The packages that it holds code of, by name. */
  readonly packages: readonly InstalledPackage[];
}

/** Makes one script of a module and all that it imports. The same versions give the same bytes. */
export async function bundleScript(entry: URL): Promise<PageScript> {
  const path = fileURLToPath(entry);
  const folder = dirname(path);
  const { outputFiles, metafile } = await build({
    entryPoints: [path],
    absWorkingDir: folder,
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    charset: "ascii",
    legalComments: "none", // the whole texts stand in front
  });
  await stop();
  const [output] = Object.values(metafile.outputs);
  const packages = packagesOf(output!.inputs, folder);
  const { text } = outputFiles[0]!;
  return { text: packages.length > 0 ? `${notice(packages)}\n${text}` : text, packages };
}

/**
 * The packages whose code is in the bundle.
 *
 * @param inputs its files by path from `folder`, and the bytes left of each
 */
function packagesOf(
  inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>,
  folder: string,
): InstalledPackage[] {
  const folders = new Set<string>();
  for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
    const [packageFolder] = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+\//.exec(path) ?? [];
    if (packageFolder !== undefined && bytesInOutput > 0) folders.add(resolve(folder, packageFolder));
  }
  return [...folders].map((path) => readPackage(`${path}/`)).sort((a, b) => a.name < b.name ? -1 : 1);
}

/** A comment with the licence of each package, since whoever passes the page on passes their code on. */
function notice(packages: readonly InstalledPackage[]): string {
  const texts = packages.map((held) => `${held.name} ${held.version}\n\n${licenceText(held)}`);
  const text = `This script holds code of the following packages.\n\n${texts.join("\n\n\n")}`;
  return `/*!\n${text.replaceAll("*/", "* /")}\n*/`;
}
