import assert from "node:assert/strict";
import { join } from "node:path";
import { productModules, withoutComments } from "./support/modules.ts";

/** Names, comments and spelling. What a word means in this project says docs/glossary.md. */

const MODULES = productModules();

/** Names that a module itself declares and exports. */
function exportsOf(text: string): string[] {
  const declared = /^export (?:abstract |async )*(?:function\*?|const|class|interface|type|enum) (\w+)/gm;
  return Array.from(withoutComments(text).matchAll(declared), ([, name]) => name!);
}

/**
 * Modules that a table of variants lists or whose address it holds (spec parts, models, figures, stages, verbs):
 * each exports the names that its contract demands.
 */
const VARIANTS = new Set(MODULES.flatMap(({ path, text }) => {
  const addressed = text.matchAll(/(?:new URL\(|=> import\()"(\.{1,2}\/[^"]+\.ts)"/g);
  const isSpecPart = /(^|[./])spec\.ts$/.test(path) || text.includes("new URL(import.meta.url)");
  return [...isSpecPart ? [path] : [], ...Array.from(addressed, ([, url]) => join(path, "..", url!))];
}));

Deno.test("no two modules export different things under one name", () => {
  const homes = new Map<string, string[]>();
  for (const { path, text } of MODULES.filter(({ path }) => !VARIANTS.has(path))) {
    for (const name of exportsOf(text)) homes.set(name, [...homes.get(name) ?? [], path]);
  }
  assert.deepEqual([...homes].filter(([, paths]) => paths.length > 1), []);
});
