import { join } from "node:path";
import type { Page } from "playwright-core";
import type { DatasetOrigin } from "../../pipeline/datasets/origin.ts";
import { fetchNpm } from "../../pipeline/datasets/sources/npm.ts";
import { temporaryFolder } from "../store/temporary.ts";

/**
 * axe-core, which finds what readers with other senses stumble over. It is under the MPL, so it is no dependency: tests
 * fetch it as datasets are fetched, and nothing that Reparam passes on holds it.
 */
async function axeCore(): Promise<string> {
  await using folder = await temporaryFolder();
  const sha256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c";
  await fetchNpm({
    title: "the accessibility checks",
    origin: {
      npm: {
        package: "axe-core",
        version: "4.14.1",
        integrity:
          "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
        folder: "",
      },
      files: [{ name: "axe.min.js", bytes: 653780, sha256 }],
    } as unknown as DatasetOrigin, // a source reads no other fields
    scratch: join(folder.path, "scratch"),
    output: (name) => join(folder.path, name),
    signal: new AbortController().signal,
    progress() {},
  });
  return await Deno.readTextFile(join(folder.path, "axe.min.js"));
}

let script: Promise<string> | undefined;

/** What axe-core finds wrong in a page, a line for each rule: its name, and where. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(await (script ??= axeCore()));
  return await page.evaluate<string[]>(
    `axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ": " + nodes.slice(0, 3).map(({ target, any, all, none }) =>
      target.join(" ") + " (" + [...any, ...all, ...none].map(({ message }) => message).join("; ") + ")").join(", ")))`,
  );
}
