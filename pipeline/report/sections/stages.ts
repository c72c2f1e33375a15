import type { ReportData } from "../data.ts";
import { bytes, duration, moment } from "../../base/words.ts";
import { type Markup, markup } from "../markup.ts";

/** The section on when each stage ran, how long it took and under which key. */
export function stageSection({ execution }: ReportData): Markup {
  const total = execution.stages.reduce((sum, stage) => sum + stage.seconds, 0);
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="Stages">
<table>
<caption>Each stage ran once under its key, the SHA-256 of its settings, its inputs and its code; with the same
key it is not run again.</caption>
<thead><tr><th scope="col">Stage</th><th scope="col">Key</th><th scope="col">Code</th>
<th scope="col">Made</th><th scope="col" class="number">Output</th><th scope="col" class="number">Wall time</th></tr></thead>
<tbody>${
    execution.stages.map((stage) =>
      markup`
<tr><th scope="row">${stage.stage}</th><td><code title="${stage.key}">${stage.key.slice(0, 12)}</code></td>
<td><code title="${stage.codeHash}">${stage.codeHash.slice(0, 12)}</code></td>
<td>${moment(stage.startedAt)}</td><td class="number">${bytes(stage.bytes)}</td><td class="number">${
        duration(stage.seconds)
      }</td></tr>`
    )
  }
</tbody>
<tfoot><tr><th scope="row" colspan="5">All before this page</th><td class="number">${
    duration(total)
  }</td></tr></tfoot>
</table></div>
${execution.notices.map((notice) => markup`<p class="note">${notice}</p>`)}`;
}
