import type { ReportData } from "./data.ts";
import { renderDocument } from "./document.ts";
import { markup } from "./markup.ts";
import { data } from "./sections/data.ts";
import { downloads } from "./sections/downloads.ts";
import { figures } from "./sections/figures.ts";
import { header } from "./sections/header.ts";
import { music } from "./sections/music.ts";
import { numbers } from "./sections/numbers.ts";
import { reproduce } from "./sections/reproduce.ts";
import { run } from "./sections/run.ts";
import { stages } from "./sections/stages.ts";

/**
 * The whole report as one HTML file.
 * @param player the script that plays the sounds, where there are any
 */
export function renderPage(report: ReportData, style: string, player?: string): string {
  const { spec } = report;
  const body = markup`<a class="skip" href="#numbers">Skip to the numbers</a>
<main>
${header(report)}
<nav aria-label="Contents"><ul>
<li><a href="#run">What was run</a></li><li><a href="#numbers">Numbers</a></li>
${
    report.music && markup`<li><a href="#music">Music</a></li>`
  }<li><a href="#figures">Figures</a></li><li><a href="#data">Data</a></li>
<li><a href="#stages">Stages</a></li><li><a href="#downloads">Downloads</a></li>
<li><a href="#reproduce">Reproduce and cite</a></li>
</ul></nav>
${run(report)}
${numbers(report)}
${music(report)}
${figures(report)}
${data(report)}
${stages(report)}
${downloads(report)}
${reproduce(report)}
</main>`;
  return renderDocument({
    title: spec.title ?? spec.name,
    style,
    body,
    ...(player === undefined ? {} : { script: player }),
  });
}
