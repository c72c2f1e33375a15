import { Marked } from "marked";
import { renderDocument } from "../document.ts";
import { type Markup, markup, trusted } from "../markup.ts";
import type { Notebook } from "./program.ts";
import type { Media, Shown } from "./run.ts";

const STYLES = [new URL("../style.css", import.meta.url), new URL("./notebook.css", import.meta.url)];

/** A notebook as one HTML file, with what its cells show. @param madeFrom a digest of what it was made from */
export async function renderNotebook(
  title: string,
  { cells }: Notebook,
  shown: Shown,
  madeFrom: string,
): Promise<string> {
  const style = await Promise.all(STYLES.map((url) => Deno.readTextFile(url)));
  const marked = new Marked({ async: false });
  const words = (text: string) => trusted(marked.parse(text) as string);
  const body = markup`<main class="notebook" data-made-from="${madeFrom}">
${
    cells.map(({ cell_type, source }, i) =>
      cell_type === "markdown" ? markup`<section>${words(source.join(""))}</section>` : markup`
<div class="cell"><pre tabindex="0"><code>${source.join("")}</code></pre>
${(shown[i] ?? []).map((media, j) => output(media, `${i}-${j}`, words))}</div>`
    )
  }
</main>`;
  return renderDocument({ title, style: style.join("\n"), body, sounds: true });
}

function output(media: Media, id: string, words: (text: string) => Markup): Markup | null {
  const { "image/svg+xml": svg, "text/html": html, "text/markdown": text } = media;
  if (svg !== undefined) return markup`<figure>${trusted(ownIds(svg, id))}</figure>`;
  if (html !== undefined) return trusted(html);
  return text === undefined ? null : markup`<div class="words">${words(text)}</div>`;
}

/** A drawing whose ids are no other's on the page: two cells may draw the same figure. */
function ownIds(svg: string, id: string): string {
  return svg.replaceAll(
    /\b(id|aria-labelledby|href|xlink:href)="(#?)([^":]+)"/g,
    (_, name, hash, value) =>
      name.endsWith("href") && hash === ""
        ? `${name}="${value}"`
        : `${name}="${hash}${value.split(" ").map((one: string) => `cell-${id}-${one}`).join(" ")}"`,
  )
    .replaceAll(/url\(#([^)]+)\)/g, (_, value) => `url(#cell-${id}-${value})`);
}
