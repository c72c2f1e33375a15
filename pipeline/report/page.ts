import type { ReportData } from "./data.ts";
import { contents, renderDocument } from "./document.ts";
import { markup } from "./markup.ts";
import { dataSection } from "./sections/data.ts";
import { downloadSection } from "./sections/downloads.ts";
import { explorerScript, exploreSection } from "./sections/explore.ts";
import { figureSection } from "./sections/figures.ts";
import { reportHeader } from "./sections/header.ts";
import { numberSection } from "./sections/numbers.ts";
import { pythonSection } from "./sections/python.ts";
import { reproduceSection } from "./sections/reproduce.ts";
import { runSection } from "./sections/run.ts";
import { stageSection } from "./sections/stages.ts";

/**
 * Renders the whole report as one HTML file: what came out first, then what went in, then what is to take away.
 *
 * @param script what starts the explorer and plays sounds
 */
export function renderPage(report: ReportData, style: string, script?: string): string {
  const { spec } = report;
  const sections = [
    ...exploreSection(report),
    { id: "figures", title: "Figures", body: figureSection(report) },
    { id: "numbers", title: "Numbers", body: numberSection(report) },
    ...report.kindSections,
    { id: "data", title: "Data", body: dataSection(report) },
    { id: "run", title: "What was run", body: runSection(report) },
    { id: "stages", title: "Stages", body: stageSection(report) },
    { id: "downloads", title: "Downloads", body: downloadSection(report) },
    { id: "python", title: "In Python", body: pythonSection(report) },
    { id: "reproduce", title: "Reproduce and cite", body: reproduceSection(report) },
  ];
  const body = markup`<a class="skip" href="#figures">Skip to the figures</a>
<main>
${reportHeader(report)}
${contents(sections)}${
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
    ...(script === undefined ? {} : { script, data: explorerScript(report) }),
  });
}
