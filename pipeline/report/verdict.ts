import type { Verdict } from "./data.ts";
import { type Markup, markup } from "./markup.ts";

/** The few numbers at the head of a page. */
export function verdictList(verdict: readonly Verdict[]): Markup {
  return markup`<dl class="verdict">${
    verdict.map(({ label, value, unit, note }) =>
      markup`
<div><dt>${label}</dt><dd><strong>${value}</strong> ${unit}<small>${note}</small></dd></div>`
    )
  }
</dl>`;
}
