import { pathToFileURL } from "node:url";
import { canonicalJson } from "../../formats/canonical_json.ts";
import { sha256 } from "../../store/sealed.ts";
import type { CodeManifest } from "../../store/record.ts";
import type { Store } from "../../store/store.ts";
import { isOwnFile, pathOf } from "../code.ts";
import type { WorkerSandbox } from "../worker/command.ts";
import type { Assignment } from "../worker/protocol.ts";
import type { Job } from "./executor.ts";
import { installedPackages } from "./installed_packages.ts";

/**
 * What a worker is told to execute a job, and what it may reach, on a machine that sees the store and the project.
 * @param root folder of `deno.json`
 */
export function assignmentOf(
  { id, manifest, code, places, passthrough, permissions }: Job,
  store: Store,
  root: string,
): { readonly assignment: Assignment; readonly sandbox: WorkerSandbox } {
  const { folder, lock, output, scratch } = store.workplace(id);
  const path = (name: string) => pathOf(name, root, places);
  const url = (name: string) => pathToFileURL(path(name)).href;
  return {
    assignment: {
      stage: manifest.stage,
      key: sha256(canonicalJson(manifest)),
      module: url(code.entry),
      variants: mapValues(code.variants, url),
      own: Object.keys(code.modules).filter(isOwnFile).map(url),
      slice: manifest.slice,
      passthrough,
      inputs: mapValues(manifest.inputs, (digest) => store.blobPath(digest)),
      output,
      scratch,
      lock,
    },
    sandbox: {
      root,
      code: [...Object.keys(code.modules).map(path), ...packageFolders(code, root)],
      blobs: `${store.folder}/cas`,
      workFolder: folder,
      passedOn: passedOn(code, url),
      permissions,
    },
  };
}

/** What stands for modules that only pass names on, by their URLs: a module with the names that are asked for. */
function passedOn({ passedOn = {} }: CodeManifest, url: (name: string) => string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(passedOn).map(([by, names]) => [
      url(by),
      Object.entries(names).map(([as, { module, name }]) =>
        `export { ${name} as ${as} } from ${JSON.stringify(url(module))};\n`
      ).join(""),
    ]),
  );
}

/** Where Deno has the packages that the code reaches, under all names that it knows them by. */
function packageFolders({ packages }: CodeManifest, root: string): string[] {
  return [
    ...installedPackages(packages, root).map(({ place }) => place),
    ...Object.keys(packages).map((name) => `${root}/node_modules/${name}`),
  ];
}

function mapValues(
  values: Readonly<Record<string, string>>,
  change: (value: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}
