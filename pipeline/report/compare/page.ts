import type { Group as FigureGroup } from "../../figures/charts/group.ts";
import { contents, renderDocument } from "../document.ts";
import { verdictList } from "../verdict.ts";
import { plural } from "../../base/words.ts";
import { type Markup, markup } from "../markup.ts";
import { conclusion } from "./conclusion.ts";
import type { ComparisonFigure } from "./figures.ts";
import type { RunGroup, Setting } from "./groups.ts";
import { TRAINING_TIME } from "./measures.ts";
import { parallelSection } from "./parallel.ts";
import type { ParallelData } from "./parallel_data.ts";
import type { SideBySide } from "./pictures.ts";
import { failureList, figureGallery, picturesSideBySide, settingTable } from "./sections.ts";
import type { Column } from "./summary.ts";
import { groupTable, RULE, runTable } from "./table.ts";

/** All that the page shows. */
export interface ComparisonPage {
  readonly title: string;
  readonly description: string;
  readonly groups: readonly RunGroup[];
  readonly measures: readonly Column[];
  readonly costs: readonly Column[];
  /** Undefined where there is too little to draw. */
  readonly parallel: ParallelData | undefined;
  readonly settings: readonly Setting[];
  readonly painted: readonly FigureGroup[];
  readonly figures: readonly ComparisonFigure[];
  readonly pictures: readonly SideBySide[];
  readonly command: string;
}

/** The most runs whose table is open; one that is longer is folded away. */
const MOST_OPEN_RUNS = 60;

/**
 * Renders the comparison as one HTML file.
 *
 * @param script what sorts, filters, brushes and lights up groups
 */
export function renderComparisonPage(page: ComparisonPage, style: string, script: string): string {
  const { title, groups, measures, costs } = page;
  const training = costs.filter(({ measure }) => measure === TRAINING_TIME);
  const sections = [
    { id: "results", title: "Results", body: results(page) },
    { id: "explore", title: "All numbers", body: page.parallel && parallelSection() },
    {
      id: "figures",
      title: "Figures",
      body: page.figures.length > 0 && figureGallery(page.figures, groups, page.painted),
    },
    { id: "pictures", title: "Side by side", body: picturesSideBySide(page.pictures) },
    { id: "settings", title: "What differs", body: settingTable(groups, page.settings) },
    { id: "runs", title: "Runs", body: runs(groups, [...measures, ...training]) },
    { id: "reproduce", title: "Reproduce", body: reproduce(page.command) },
  ].filter(({ body }) => body);
  const body = markup`<a class="skip" href="#results">Skip to the results</a>
<main>
${header(page)}
${contents(sections)}
${sections.map(({ body }) => body)}
</main>`;
  const data = page.parallel && { "parallel-data": page.parallel };
  return renderDocument({ title, style, script, body, ...(data ? { data } : {}) });
}

function header({ title, description, groups, measures, costs }: ComparisonPage): Markup {
  const runs = groups.flatMap((group) => group.runs);
  const done = runs.filter(({ result }) => result).length;
  const [primary] = measures;
  const best = primary?.ranking?.standings.indexOf("best") ?? -1;
  const range = costs.find(({ measure }) => measure === TRAINING_TIME);
  const total = range && runs.reduce((sum, { result }) => sum + (result?.cost.trainingSeconds ?? 0), 0);
  const verdict = [
    { label: "Groups", value: String(groups.length), unit: "", note: plural(runs.length, "run") },
    {
      label: "Runs with a result",
      value: String(done),
      unit: `of ${runs.length}`,
      note: done === runs.length ? "all of them" : "see below for the reasons",
    },
    // With one alone there is nothing to be best of.
    ...(primary && groups.length > 1
      ? [{
        label: `Best ${primary.measure.short}`,
        value: best < 0 ? "no telling" : primary.measure.show(primary.spreads[best]!.mean),
        unit: best < 0 ? "" : primary.measure.unit,
        note: best < 0 ? "from this many seeds" : groups[best]!.label,
      }]
      : []),
    ...(total
      ? [{ label: "Training", value: range.measure.show(total), unit: "", note: "of all runs together" }]
      : []),
  ];
  return markup`<header>
<p class="kicker">Reparam · comparison</p>
<h1>${title}</h1>
${description && markup`<p class="lead">${description}</p>`}
${verdictList(verdict)}
</header>`;
}

function results({ groups, measures, costs }: ComparisonPage): Markup {
  const [primary] = measures;
  return markup`<section id="results">
<h2>Results</h2>
${primary && markup`<p class="conclusion">${conclusion(groups, primary)}</p>`}
${failureList(groups)}
<p class="filter"><label for="filter">Show only</label> <input id="filter" type="search" placeholder="conv seed 1" autocomplete="off"></p>
${primary && groupTable(groups, measures, resultCaption(primary))}
${measures.length > 0 && markup`<p class="note">${RULE}</p>`}
${
    measures.filter(({ isComparable }) => !isComparable).map(({ measure }) =>
      markup`<p class="note">${measure.short}: not measured alike in all runs, so no best is marked.</p>`
    )
  }
${costs.length > 0 && markup`<h3>What it costs</h3>${groupTable(groups, costs, COST_CAPTION)}`}
</section>`;
}

function resultCaption({ measure }: Column): string {
  const part = measure.selects
    ? "Ranked on the validation set, which is there to choose by; all else is measured once, on the test set"
    : "On the test set";
  return `${part}; arrows say which way is better.`;
}

const COST_CAPTION =
  "Times are those of the machines that executed the stages, and of what else they did meanwhile.";

function runs(groups: readonly RunGroup[], columns: readonly Column[]): Markup {
  const count = groups.reduce((sum, { runs }) => sum + runs.length, 0);
  const table = runTable(groups, columns);
  return markup`<section id="runs">
<h2>Runs</h2>
${count <= MOST_OPEN_RUNS ? table : markup`<details><summary>All ${count} runs</summary>${table}</details>`}
</section>`;
}

function reproduce(command: string): Markup {
  return markup`<section id="reproduce">
<h2>Reproduce</h2>
<p>In a checkout of Reparam. What is known already is not run again; what is missing or has changed is.</p>
<pre><code>${command}</code></pre>
<p class="note">Each run's report has its own spec, tables, weights and figures, and says how to make it again.</p>
</section>`;
}
