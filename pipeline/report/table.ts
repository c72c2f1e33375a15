import { type Content, type Markup, markup } from "./markup.ts";

/**
 * A table whose first column names the rows and whose other columns are numbers.
 * @param head the columns' names; the first may be empty
 */
export function numberTable(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly Content[])[],
): Markup {
  return markup`
<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${
    head.map((name, i) =>
      name === ""
        ? markup`<td></td>`
        : markup`<th scope="col"${i > 0 && markup` class="number"`}>${name}</th>`
    )
  }</tr></thead>
<tbody>${
    rows.map(([name, ...values]) =>
      markup`
<tr><th scope="row">${name}</th>${values.map((value) => markup`<td class="number">${value}</td>`)}</tr>`
    )
  }
</tbody></table></div>`;
}
