import { ON_DARK } from "../figures/theme.ts";
import type { ReportData } from "./data.ts";
import { markup, trusted } from "./markup.ts";
import { data } from "./sections/data.ts";
import { downloads } from "./sections/downloads.ts";
import { figures } from "./sections/figures.ts";
import { header } from "./sections/header.ts";
import { numbers } from "./sections/numbers.ts";
import { reproduce } from "./sections/reproduce.ts";
import { run } from "./sections/run.ts";
import { stages } from "./sections/stages.ts";

/**
 * The whole report as one HTML file. It loads nothing: style and figures are inside, and all links are
 * relative, so that it works from a disk. The policy in its head holds it to that.
 */
export function renderPage(report: ReportData, style: string): string {
  const { spec } = report;
  return markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${spec.title ?? spec.name} · Reparam</title>
<style>${trusted(style + darkFigures())}</style>
</head>
<body>
<a class="skip" href="#numbers">Skip to the numbers</a>
<main>
${header(report)}
<nav aria-label="Contents"><ul>
<li><a href="#run">What was run</a></li><li><a href="#numbers">Numbers</a></li>
<li><a href="#figures">Figures</a></li><li><a href="#data">Data</a></li>
<li><a href="#stages">Stages</a></li><li><a href="#downloads">Downloads</a></li>
<li><a href="#reproduce">Reproduce and cite</a></li>
</ul></nav>
${run(report)}
${numbers(report)}
${figures(report)}
${data(report)}
${stages(report)}
${downloads(report)}
${reproduce(report)}
</main>
</body>
</html>
`.toString();
}

/** Colours of drawings inside a dark page; on paper they stay as they are. */
function darkFigures(): string {
  const rules = Object.entries(ON_DARK).flatMap(([light, dark]) =>
    ["fill", "stroke"].map((paint) => `figure > svg [${paint}="${light}"] { ${paint}: ${dark}; }`)
  );
  return `\n@media screen and (prefers-color-scheme: dark) {\n${rules.join("\n")}\n}\n`;
}
