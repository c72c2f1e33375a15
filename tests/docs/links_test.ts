import assert from "node:assert/strict";
import { dirname, join, relative } from "node:path";
import { listFiles } from "../../pipeline/store/disk.ts";
import { ROOT } from "../graph/toy_project.ts";
import { pages } from "../support/markdown.ts";

/** The anchors of a page's headings, as forges make them. */
function anchors(page: string): string[] {
  const headings = page.matchAll(/^#+ (.+)$/gm);
  return Array.from(
    headings,
    ([, heading]) => heading!.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-"),
  );
}

Deno.test("every link of the documents to a file or a heading leads somewhere", () => {
  const broken: string[] = [];
  for (const page of pages()) {
    const text = Deno.readTextFileSync(page);
    for (const [, target] of text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
      const [file, anchor] = target!.split("#") as [string, string?];
      const path = file === "" ? page : join(dirname(page), file);
      const leads = exists(path) &&
        (anchor === undefined || anchors(Deno.readTextFileSync(path)).includes(anchor));
      if (!leads) broken.push(`${relative(ROOT, page)}: ${target}`);
    }
  }
  assert.deepEqual(broken, []);
});

Deno.test("code that documents and their scripts name is there", () => {
  // The pages on how to add something name what is added.
  const files = [
    ...pages().filter((page) => !page.includes("/how-to-add/") && !page.endsWith("/CHANGELOG.md")),
    ...listFiles(join(ROOT, "docs")).filter((name) => name.endsWith(".sh")).map((name) =>
      join(ROOT, "docs", name)
    ),
  ];
  const missing = files.flatMap((file) =>
    Array.from(
      Deno.readTextFileSync(file).matchAll(/(?<![\w./-])(?:pipeline|tests|bench)\/[\w./-]*\w/g),
      ([name]) => `${relative(ROOT, file)}: ${name}`,
    ).filter((place) => !exists(join(ROOT, place.slice(place.indexOf(": ") + 2))))
  );
  assert.deepEqual(missing, []);
});

Deno.test("deno.json, the changelog and CITATION.cff speak of one version", () => {
  const read = (name: string) => Deno.readTextFileSync(join(ROOT, name));
  const { version } = JSON.parse(read("deno.json"));
  const [first, second] = [...read("CHANGELOG.md").matchAll(/^## (\S+)/gm)].map(([, heading]) => heading);
  assert.equal(first === "Unreleased" ? second : first, version);
  assert.equal(/^version: (\S+)$/m.exec(read("CITATION.cff"))![1], version);
});

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
