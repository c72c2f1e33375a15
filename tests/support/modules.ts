import { dirname, join, normalize, relative } from "node:path";
import { ROOT } from "../graph/toy_project.ts";

/** One TypeScript file. Paths are relative to the project's root, with `/`. */
export interface Module {
  readonly path: string;
  readonly text: string;
  /** Files that it imports or re-exports, types included; addresses of modules (`new URL`) are no imports. */
  readonly imports: readonly string[];
}

/** All modules below `pipeline/`. */
export const productModules = (): Module[] => modulesBelow("pipeline");

/** All modules below a folder of the project. */
export function modulesBelow(folder: string): Module[] {
  return [...filesBelow(folder)].filter((path) => path.endsWith(".ts")).sort().map((path) => {
    const text = Deno.readTextFileSync(join(ROOT, path));
    return { path, text, imports: importsOf(path, text) };
  });
}

function* filesBelow(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(join(ROOT, folder))) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* filesBelow(path);
    else yield path;
  }
}

function importsOf(path: string, text: string): string[] {
  const code = withoutComments(text)
    // What a module's type is made of is not loaded by who names it.
    .replace(/typeof import\("[^"]+"\)/g, "");
  const found = code.matchAll(/\b(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+\.ts)"/g);
  const targets = Array.from(found, ([, specifier]) => normalize(join(dirname(path), specifier!)));
  return [...new Set(targets.map((target) => relative(".", target)))];
}

/** Comments, and strings beside them. */
const COMMENT_OR_STRING =
  /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;

/** Code with its comments blanked out; strings stay. */
export function withoutComments(text: string): string {
  return text.replace(COMMENT_OR_STRING, (_, string) => string ?? " ");
}

/** A module's words for people: its comments, and those strings that are more than one word. */
export function wordsOf(text: string): string {
  const found = Array.from(
    text.matchAll(COMMENT_OR_STRING),
    ([comment, string]) => string?.slice(1, -1) ?? comment,
  );
  return found.filter((words) => words.includes(" ")).join("\n");
}
