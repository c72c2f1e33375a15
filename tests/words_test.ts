import assert from "node:assert/strict";
import { join } from "node:path";
import { pages } from "./support/markdown.ts";
import { modulesBelow, productModules, withoutComments, wordsOf } from "./support/modules.ts";

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

/** Words that need the name below to make sense. */
const FRAGMENT =
  /^(Of|From|With|Without|By|In|On|Over|Under|Between|Beyond|As|After|Before|At|For|To|Into|Up|So|Only|Also|Always|Undefined|Null)\b/;

Deno.test("a docstring stands alone: it begins with what something is or does, and not with `Of ...`", () => {
  const wrong = MODULES.flatMap(({ path, text }) => {
    const docstrings = text.matchAll(/^( *)\/\*\*[ \n*]*(.*)/gm);
    return [...docstrings].filter(([, indent, words]) =>
      indent === "" ? FRAGMENT.test(words!) : /^Of\b/.test(words!)
    )
      .map(([, , words]) => `${path}: ${words}`);
  });
  assert.deepEqual(wrong, []);
});

// A verb's summary is its docstring.
Deno.test("what a module exports has a docstring", () => {
  const bare = MODULES.flatMap(({ path, text }) => {
    const exported = `\n${text}`.matchAll(
      /(.*)\n(?:\/\/ deno-lint-ignore.*\n)?^export (?!\{|type \{|const verb:).*/gm,
    );
    return [...exported].filter(([, before]) => !before!.endsWith("*/"))
      .map(([found]) => `${path}: ${found.split("\n").at(-1)}`);
  });
  assert.deepEqual(bare, []);
});

/** American forms of words that this project needs. */
const AMERICAN =
  /\b(?:colors?|colored|gray|centers?|centered|behaviors?|neighbors?|favors?|labeled|modeled|canceled|licenses?|\w+(?:[^s]iz|yz)(?:e|ed|es|ing|er|ers|ation|ations))\b/gi;
/** Code, addresses and names, which others have spelt. */
const NAMES = /`[^`]*`|https?:\S+|(?:prefers-)?color-scheme|JSON Canonicalization Scheme/g;

Deno.test("comments, messages and documents are in British spelling", () => {
  const texts = [
    ...MODULES.map(({ path, text }) => ({ path, words: wordsOf(text) })),
    ...pages().map((path) => ({ path, words: Deno.readTextFileSync(path) })),
  ];
  const wrong = texts.flatMap(({ path, words }) =>
    Array.from(words.replaceAll(NAMES, "").matchAll(AMERICAN), ([word]) => `${path}: ${word}`)
  );
  assert.deepEqual(wrong, []);
});
