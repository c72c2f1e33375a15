import assert from "node:assert/strict";
import process from "node:process";
import { installedPackage } from "../pipeline/report/installed_package.ts";

/**
 * Licences that let everybody pass the whole on under MIT, by their SPDX identifiers. Copyleft is not among them:
 * a package under GPL, AGPL, LGPL, MPL or EPL would bind whoever passes Reparam on, or a page that holds its code.
 */
const PERMISSIVE = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "ISC",
  "MIT",
  "MIT-0",
  "Python-2.0",
  "Unlicense",
  "Zlib",
]);

/** The packages of `deno.lock` (version 5), by `name@version`, for some with a suffix for their peers. */
type Locked = Readonly<
  Record<string, {
    readonly dependencies?: readonly string[];
    readonly optionalDependencies?: readonly string[];
    readonly os?: readonly string[];
    readonly cpu?: readonly string[];
  }>
>;

/** The licence that an installed package states; undefined where it is not installed, "" where it states none. */
type LicenceOf = (name: string, version: string) => string | undefined;

const { npm }: { npm: Locked } = JSON.parse(
  await Deno.readTextFile(new URL("../deno.lock", import.meta.url)),
);

Deno.test("all packages, also those that packages depend on, are under permissive licences", () => {
  assert(Object.keys(npm).length > 100);
  assert.deepEqual(
    refused(npm, (name, version) => {
      const found = installedPackage(name, version);
      return found && (found.licence ?? "");
    }),
    [],
  );
});

Deno.test("a package that is not permissive is named with its version, licence and who depends on it", () => {
  const locked: Locked = {
    "crates@3.7.2": { dependencies: ["fetch@2.0.0"] },
    "other@1.0.0": { dependencies: ["fetch@2.0.0"], optionalDependencies: ["@scope/silent"] },
    "fetch@2.0.0_other@1.0.0": {},
    "@scope/silent@0.1.0": {},
    "lost@1.0.0": {},
    "windows@1.0.0": { os: ["none-such"] },
  };
  const licences: Readonly<Record<string, string>> = {
    "crates@3.7.2": "GPL-3.0-or-later",
    "other@1.0.0": "MIT",
    "fetch@2.0.0": "MPL-2.0",
    "@scope/silent@0.1.0": "",
  };
  assert.deepEqual(refused(locked, (name, version) => licences[`${name}@${version}`]), [
    "crates 3.7.2 is under GPL-3.0-or-later; deno.json depends on it",
    "fetch 2.0.0 is under MPL-2.0; crates@3.7.2, other@1.0.0 depend on it",
    "@scope/silent 0.1.0 states no licence; other@1.0.0 depends on it",
    "lost 1.0.0 is not installed; deno.json depends on it",
  ]);
});

Deno.test("of a licence expression all parts must be permissive, or one of those to choose from", () => {
  for (
    const licence of ["MIT", "Apache-2.0 AND MIT", "(MIT OR GPL-3.0-only)", "MPL-2.0 OR BSD-3-Clause AND MIT"]
  ) {
    assert(isPermissive(licence), licence);
  }
  for (
    const licence of [
      "",
      "GPL-2.0-only",
      "AGPL-3.0",
      "LGPL-2.1-or-later",
      "MIT AND MPL-2.0",
      "(MIT OR ISC) AND GPL-3.0-only",
      "(MIT OR ISC) AND (GPL-3.0-only OR MPL-2.0)",
      "SEE LICENSE IN LICENSE.txt",
      "UNLICENSED",
    ]
  ) assert(!isPermissive(licence), licence);
});

/** A sentence on each package whose licence is not permissive. */
function refused(locked: Locked, licenceOf: LicenceOf): string[] {
  return Object.entries(locked).flatMap(([id, { os, cpu }]) => {
    const at = id.indexOf("@", 1);
    const name = id.slice(0, at);
    const version = id.slice(at + 1).split("_", 1)[0]!;
    const licence = licenceOf(name, version);
    const isForOthers = os?.includes(process.platform) === false || cpu?.includes(process.arch) === false;
    if (licence === undefined ? isForOthers : isPermissive(licence)) return [];
    const fault = licence === undefined
      ? "is not installed"
      : licence === ""
      ? "states no licence"
      : `is under ${licence}`;
    const dependants = Object.entries(locked)
      .filter(([, { dependencies = [], optionalDependencies = [] }]) =>
        [...dependencies, ...optionalDependencies].some((wanted) =>
          [name, `${name}@${version}`, id].includes(wanted)
        )
      )
      .map(([dependant]) => dependant);
    const who = dependants.length === 0 ? "deno.json" : dependants.join(", ");
    return [`${name} ${version} ${fault}; ${who} depend${dependants.length > 1 ? "" : "s"} on it`];
  });
}

/** @param licence an SPDX expression; one with parentheses inside is not understood, and so refused */
function isPermissive(licence: string): boolean {
  const expression = licence.replace(/^\((.*)\)$/, "$1");
  return !/[()]/.test(expression) &&
    expression.split(" OR ").some((choice) => choice.split(" AND ").every((part) => PERMISSIVE.has(part)));
}
