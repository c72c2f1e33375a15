import { type Markup, markup } from "../markup.ts";
import type { ReportData } from "../data.ts";
import { verdictList } from "../verdict.ts";

/** The head of the page: title, what the run is for, how it ended, and the numbers that matter most. */
export function reportHeader({ spec, status, verdict, dataset, words }: ReportData): Markup {
  return markup`<header>
<p class="kicker">Reparam · ${words.trains ?? "variational autoencoder"} · ${dataset.title}</p>
<h1>${spec.title ?? spec.name}</h1>
${spec.description && markup`<p class="lead">${spec.description}</p>`}
<p class="status">${status}</p>
${verdictList(verdict)}
</header>`;
}
