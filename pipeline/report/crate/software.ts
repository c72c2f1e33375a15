import type { CodeManifest } from "../../store/record.ts";
import type { InstalledPackage } from "../installed_package.ts";
import { type CrateGraph, encodePath, type Entity } from "./graph.ts";

/** Looks up an npm package; undefined where it is not installed. */
export type Installed = (name: string, version: string) => InstalledPackage | undefined;

/** What a stage ran on. */
export interface StageSoftware {
  /** SHA-256 of the stage's code. */
  readonly version?: string;
  /** The version of Deno that ran it. */
  readonly deno?: string | undefined;
  readonly packages: CodeManifest["packages"];
  readonly installed: Installed;
}

/** The code of a stage, which requires Deno and npm packages. */
export function softwareEntity(
  graph: CrateGraph,
  stage: string,
  { version, deno, packages, installed }: StageSoftware,
): Entity {
  const runtime = deno === undefined ? [] : [graph.add({
    "@id": `#deno-${encodePath(deno)}`,
    "@type": "SoftwareApplication",
    name: "Deno",
    softwareVersion: deno,
  })];
  // The lock file also has packages for other systems, which were not there to be used.
  const present = Object.entries(packages).flatMap(([name, versions]) =>
    versions.split(", ").flatMap((version) => installed(name, version) ?? [])
  );
  return {
    "@id": `#stage-${stage}`,
    "@type": "SoftwareApplication",
    name: `Reparam ${stage}`,
    softwareVersion: version,
    softwareRequirements: [...runtime, ...present.map((each) => graph.add(packageEntity(graph, each)))],
  };
}

/** An npm package, by its package URL (https://github.com/package-url/purl-spec), with its licence. */
export function packageEntity(graph: CrateGraph, { name, version, licence }: InstalledPackage): Entity {
  return {
    "@id": `pkg:npm/${encodePath(name)}@${encodeURIComponent(version)}`,
    "@type": "SoftwareApplication",
    name,
    softwareVersion: version,
    license: licence === undefined ? undefined : graph.add(licenceEntity(licence)),
  };
}

/** A licence, whose page at SPDX is its identifier. @param licence an SPDX expression, of one licence or several */
function licenceEntity(licence: string): Entity {
  const isOne = /^[\w.+-]+$/.test(licence);
  return {
    "@id": isOne ? `https://spdx.org/licenses/${licence}` : `#licence-${encodeURIComponent(licence)}`,
    "@type": "CreativeWork",
    name: licence,
  };
}
