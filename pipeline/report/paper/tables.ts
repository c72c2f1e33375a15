import { nats } from "../../base/words.ts";
import { type Content, type Markup, markup } from "../markup.ts";
import { type Comparison, signedPercent } from "./verdicts.ts";

const STANDING = { better: "lower", same: "same", differs: "differs" } as const;

export function comparisonTable(rows: readonly Comparison[], caption: string): Markup {
  return table(
    caption,
    ["", "Paper", "Here", "Difference", ""],
    rows.map(({ name, paper, ours, difference, share, standing }) => [
      name,
      String(paper),
      nats(ours),
      `${difference > 0 ? "+" : ""}${nats(difference)} (${signedPercent(share)})`,
      STANDING[standing],
    ]),
  );
}

/** The first column names the rows, the others are numbers. */
export function table(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly Content[])[],
): Markup {
  return markup`
<div class="scroll" tabindex="0"><table>
<caption>${caption}</caption>
<thead><tr>${
    head.map((cell, i) =>
      i === 0 ? markup`<th scope="col">${cell}</th>` : markup`<th scope="col" class="number">${cell}</th>`
    )
  }</tr></thead>
<tbody>${
    rows.map(([first, ...rest]) =>
      markup`
<tr><th scope="row">${first}</th>${rest.map((cell) => markup`<td class="number">${cell}</td>`)}</tr>`
    )
  }
</tbody></table></div>`;
}
