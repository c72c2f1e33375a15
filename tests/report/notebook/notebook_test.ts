import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { UserError } from "../../../pipeline/base/errors.ts";
import { executedNotebook } from "../../../pipeline/report/notebook/notebook.ts";
import { programOf } from "../../../pipeline/report/notebook/program.ts";
import { ROOT } from "../../graph/toy_project.ts";
import { temporaryFolder } from "../../store/temporary.ts";

const markdown = (text: string) => ({ cell_type: "markdown", source: [text], metadata: {} });
const code = (text: string, ...tags: string[]) => ({
  cell_type: "code",
  source: text.split(/(?<=\n)/),
  metadata: { tags },
});

const HELPERS = `
const shown = (media) => ({ [Symbol.for("Jupyter.display")]: () => media });
export const drawing = (words) =>
  shown({ "image/svg+xml": \`<svg aria-labelledby="t"><title id="t">\${words}</title><use href="#t"/></svg>\` });
export const html = (text) => shown({ "text/html": text });
`;

async function executed(
  cells: readonly object[],
  { follows = "1", before }: { readonly follows?: string; readonly before?: string } = {},
): Promise<string> {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/notebook.ts`, HELPERS);
  await Deno.writeTextFile(`${folder.path}/one.ipynb`, JSON.stringify({ cells }));
  return await executedNotebook(
    {
      title: "One",
      file: pathToFileURL(`${folder.path}/one.ipynb`),
      config: `${ROOT}/deno.json`,
      given: "count = 3;",
      follows,
    },
    before,
    new AbortController().signal,
  );
}

const CELLS = [
  markdown("# A title & more"),
  code(`import { drawing, html } from "./notebook.ts";\nconst { md } = Deno.jupyter;`),
  code("let count = 1;", "parameters"),
  code(`const twice = async (n) => {\n  return 2 * n;\n};\ndrawing(\n  \`<\${await twice(count)}>\`,\n);`),
  code(`drawing("again")`),
  code(`await Deno.jupyter.display(drawing("early"), { display_id: "a", update: false });
await Deno.jupyter.display(drawing("late"), { display_id: "a", update: true });
md\`**count**: \${
  count
}\``),
  code(`html("<p>sound</p>");\n`),
  code(`const last = 1 < 2;`),
];

Deno.test("a notebook becomes a page with its words, its code and what its cells show, given what is to be different", async () => {
  const page = await executed(CELLS);
  const at = (text: string) => {
    assert.ok(page.includes(text), text);
    return page.indexOf(text);
  };
  assert.ok(at("<h1>A title &amp; more</h1>") < at(`drawing(\n  \`&lt;\${await twice(count)}&gt;\`,\n);`));
  assert.ok(at("<6>") < at(">again<"), "the value that was given, doubled");
  assert.ok(at(">late<") < at("<strong>count</strong>: 3"));
  assert.ok(!page.includes(">early<"), "what is drawn anew is shown as it was last");
  at("<p>sound</p>");
  at("const last = 1 &lt; 2;");
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!);
  assert.equal(new Set(ids).size, ids.length, "no id twice");
  for (const [, id] of page.matchAll(/href="#([^"]+)"/g)) assert.ok(ids.includes(id!), id);
});

Deno.test("a notebook is executed again where what it follows from has changed, and only then", async () => {
  const cells = [code("let count = 1;", "parameters"), code(`Deno.jupyter.md\`at \${Math.random()}\``)];
  const page = await executed(cells);
  assert.equal(await executed(cells, { before: page }), page);
  assert.notEqual(await executed(cells, { before: page, follows: "2" }), page);
  assert.notEqual(await executed([...cells, markdown("more")], { before: page }), page);
});

Deno.test("a cell that fails is told, with the error and what to do", async () => {
  const cells = [code("let count = 1;", "parameters"), code("throw new Error('no such thing')")];
  await assert.rejects(executed(cells), (error) => {
    assert.ok(error instanceof UserError);
    assert.match(error.message, /one\.ipynb ends with an error: .*no such thing/);
    return true;
  });
});

Deno.test("the last expression of a cell is found behind declarations, blocks and templates, and no statement is taken for one", () => {
  const place = new URL("file:///notebooks/one.ipynb");
  const valueOf = (text: string) =>
    /__cells\.value\(\(([^]*)\n\)\);/.exec(programOf({ cells: [code(text)] }, place, ""))?.[1];
  assert.equal(valueOf("const a = 1;\na + 1;"), "a + 1");
  assert.equal(valueOf("const a = {\n  b: 1,\n};"), undefined);
  assert.equal(valueOf("md`| a |\n| - |\n${b}`"), "md`| a |\n| - |\n${b}`");
  assert.equal(valueOf("for (const a of b) {\n  c(a);\n}"), undefined);
  assert.equal(valueOf("f(\n  await g(),\n);\n"), "f(\n  await g(),\n)");
  assert.match(
    programOf({ cells: [code(`import { a } from "./b.ts";\na`)] }, place, ""),
    /^import \{ a \} from "file:\/\/\/notebooks\/b\.ts";/,
  );
});
