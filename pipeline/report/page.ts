import type { ReportData } from "./data.ts";
import { renderDocument } from "./document.ts";
import { markup } from "./markup.ts";
import { data } from "./sections/data.ts";
import { downloads } from "./sections/downloads.ts";
import { figures } from "./sections/figures.ts";
import { header } from "./sections/header.ts";
import { numbers } from "./sections/numbers.ts";
import { python } from "./sections/python.ts";
import { reproduce } from "./sections/reproduce.ts";
import { run } from "./sections/run.ts";
import { stages } from "./sections/stages.ts";

/**
 * The whole report as one HTML file: what came out first, then what went in, then what is to take away.
 * @param player the script that plays the sounds, where there are any
 */
export function renderPage(report: ReportData, style: string, player?: string): string {
  const { spec } = report;
  const sections = [
    { id: "figures", title: "Figures", body: figures(report) },
    { id: "numbers", title: "Numbers", body: numbers(report) },
    ...report.kindSections,
    { id: "data", title: "Data", body: data(report) },
    { id: "run", title: "What was run", body: run(report) },
    { id: "stages", title: "Stages", body: stages(report) },
    { id: "downloads", title: "Downloads", body: downloads(report) },
    { id: "python", title: "In Python", body: python(report) },
    { id: "reproduce", title: "Reproduce and cite", body: reproduce(report) },
  ];
  const body = markup`<a class="skip" href="#figures">Skip to the figures</a>
<main>
${header(report)}
<nav aria-label="Contents"><ul>${
    sections.map(({ id, title }) =>
      markup`
<li><a href="#${id}">${title}</a></li>`
    )
  }
</ul></nav>${
    sections.map(({ id, title, body }) =>
      markup`
<section id="${id}">
<h2>${title}</h2>
${body}
</section>`
    )
  }
</main>`;
  return renderDocument({
    title: spec.title ?? spec.name,
    style,
    body,
    ...(player === undefined ? {} : { script: player }),
  });
}
