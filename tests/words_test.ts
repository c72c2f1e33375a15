import assert from "node:assert/strict";
import { join } from "node:path";
import { modulesBelow, productModules, withoutComments } from "./support/modules.ts";

/** Names, comments and spelling. What a word means in this project says docs/glossary.md. */

const MODULES = productModules();

/** Names that a module itself declares and exports: values, and with them types. */
const valuesOf = (text: string) => declared(text, "function\\*?|const|class");
const exportsOf = (text: string) => declared(text, "function\\*?|const|class|interface|type");

function declared(text: string, kinds: string): string[] {
  const declarations = withoutComments(text).matchAll(
    new RegExp(`^export (?:abstract |async )*(?:${kinds}) (\\w+)`, "gm"),
  );
  return Array.from(declarations, ([, name]) => name!);
}

/**
 * Modules that a table of variants lists or whose address it holds (spec parts, models, figures, stages, verbs):
 * each exports the names that its contract demands.
 */
const VARIANTS = new Set(MODULES.flatMap(({ path, text }) => {
  const addressed = text.matchAll(/(?:new URL\(|=> import\()"(\.{1,2}\/[^"]+\.ts)"/g);
  const isSpecPart = /(^|[./])spec\.ts$/.test(path);
  return [...isSpecPart ? [path] : [], ...Array.from(addressed, ([, url]) => join(path, "..", url!))];
}));

Deno.test("no two modules export different things under one name", () => {
  const homes = new Map<string, string[]>();
  for (const { path, text } of MODULES.filter(({ path }) => !VARIANTS.has(path))) {
    for (const name of exportsOf(text)) homes.set(name, [...homes.get(name) ?? [], path]);
  }
  assert.deepEqual([...homes].filter(([, paths]) => paths.length > 1), []);
});

Deno.test("a value that a module exports is imported somewhere", () => {
  const imported = new Set(
    [...MODULES, ...modulesBelow("tests"), ...modulesBelow("bench")].flatMap(({ path, text }) => {
      const lists = withoutComments(text).matchAll(/\{([^{}]*)\}\s*(?:from|= await import\()\s*"(\.[^"]+)"/g);
      return Array.from(
        lists,
        ([, names, specifier]) =>
          names!.split(",").map((name) => `${join(path, "..", specifier!)} ${name.trim().split(" ")[0]}`),
      ).flat();
    }),
  );
  const unused = MODULES.filter(({ path }) => !VARIANTS.has(path)).flatMap(({ path, text }) =>
    valuesOf(text).map((name) => `${path} ${name}`)
  ).filter((name) => !imported.has(name));
  assert.deepEqual(unused, []);
});
