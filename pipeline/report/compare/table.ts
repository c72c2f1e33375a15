import type { Spread } from "../../metrics/spread.ts";
import { LEVEL, type Standing } from "../../metrics/standings.ts";
import { axisLabel, valueLabel } from "../../base/coordinates.ts";
import { fileLink, type Markup, markup } from "../markup.ts";
import type { Run, RunGroup } from "./groups.ts";
import type { Measure } from "./measures.ts";
import { type Column, standingOf } from "./summary.ts";

/** How the marks in the tables are to be read. */
export const RULE =
  `Values are means ± standard deviations over seeds. All pairs of groups are compared, seed by seed where they share ` +
  `seeds (Student's paired test, else Welch's), and corrected for their number (Holm), so that luck alone makes any ` +
  `difference in at most ${
    100 * LEVEL
  } of 100 columns. A best value is marked where all others are behind; ≈ marks ` +
  `those that may be the best. With one seed nobody knows the spread, and nothing is marked.`;

/** A row for each group; the page's script sorts by `data-value` and filters by names and `data-at`. */
export function groupTable(groups: readonly RunGroup[], columns: readonly Column[], caption: string): Markup {
  const axes = axesOf(groups);
  const labels = axes.map((axis) => axisLabel(axis, axes));
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
<table class="sortable">
<caption>${caption}</caption>
<thead><tr>${heading("Group")}${labels.map((label, i) => heading(label, { title: axes[i]! }))}${
    columns.map(({ measure }) => heading(measure.short, { measure }))
  }${heading("Seeds", { title: "Seeds of finished runs; each leads to its report" })}</tr></thead>
<tbody>${
    groups.map((group, i) =>
      markup`
<tr data-group="${i}" data-at="${places(group, group.runs)}"><th scope="row">${group.label}</th>${
        axes.map((axis) => {
          const value = group.coordinates.find((at) => at.axis === axis)?.value;
          return value === undefined
            ? markup`<td></td>`
            : markup`<td${typeof value === "number" && markup` class="number"`} data-value="${
              valueLabel(value)
            }">${valueLabel(value)}</td>`;
        })
      }${columns.map((column) => valueCell(column.measure, column.spreads[i]!, standingOf(column, i)))}
<td>${group.runs.map(seedLink)}</td></tr>`
    )
  }
</tbody></table></div>`;
}

/** Every run in a row of its own. */
export function runTable(groups: readonly RunGroup[], columns: readonly Column[]): Markup {
  const runs = groups.flatMap((group, index) => group.runs.map((run) => ({ run, group, index })));
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="Runs">
<table class="sortable">
<caption>Every run, with the seed that it followed from.</caption>
<thead><tr>${heading("Run")}${heading("Seed", { number: true })}${
    columns.map(({ measure }) => heading(measure.short, { measure }))
  }</tr></thead>
<tbody>${
    runs.map(({ run, group, index }) =>
      markup`
<tr data-group="${index}" data-at="${places(group, [run])}"><th scope="row">${
        reportLink(run, group.label)
      }</th>
<td class="number" data-value="${run.spec.seed}">${run.spec.seed}</td>${
        run.outcome.status === "done"
          ? columns.map(({ measure }) => {
            const value = run.result && measure.value(run.result);
            return valueCell(
              measure,
              value === undefined ? null : { mean: value, deviation: null, count: 1 },
              null,
            );
          })
          : markup`<td class="bad" colspan="${columns.length}">${
            run.outcome.status === "failed" ? "failed" : "not run"
          }: ${run.outcome.reason}</td>`
      }</tr>`
    )
  }
</tbody></table></div>`;
}

/** Where a row's runs stand on each axis, as JSON: [axis, value] pairs. */
function places({ coordinates }: RunGroup, runs: readonly Run[]): string {
  return JSON.stringify([
    ...coordinates.map(({ axis, value }) => [axis, valueLabel(value)]),
    ...runs.map(({ spec }) => ["seed", String(spec.seed)]),
  ]);
}

function heading(
  words: string,
  { title, measure, number = false }: { title?: string; measure?: Measure; number?: boolean } = {},
): Markup {
  const explained = title ?? measure?.name;
  const arrow = measure?.better === "lower" ? " ↓" : measure?.better === "higher" ? " ↑" : "";
  return markup`<th scope="col"${(measure || number) && markup` class="number"`}${
    explained && markup` title="${explained}"`
  }><button type="button">${words}${arrow}</button>${
    measure?.unit && markup`<small>${measure.unit}</small>`
  }</th>`;
}

function valueCell(measure: Measure, spread: Spread | null, standing: Standing): Markup {
  if (!spread) return markup`<td class="number">–</td>`;
  const value = measure.show(spread.mean);
  return markup`<td class="number${standing && ` ${standing}`}" data-value="${spread.mean}">${
    standing === "best"
      ? markup`<strong title="best: ahead of all others by more than luck">${value}</strong>`
      : standing === "tied"
      ? markup`<span title="cannot be told from the best">≈ ${value}</span>`
      : value
  }${Boolean(spread.deviation) && markup`<small>± ${measure.show(spread.deviation!)}</small>`}</td>`;
}

function seedLink(run: Run): Markup {
  const { status } = run.outcome;
  if (status === "done") return markup`<span class="seed">${reportLink(run, String(run.spec.seed))}</span> `;
  return markup`<span class="seed bad" title="${run.outcome.reason}">${run.spec.seed} ${
    status === "failed" ? "failed" : "not run"
  }</span> `;
}

function reportLink({ outcome }: Run, words: string): Markup {
  return outcome.status === "done" && outcome.link !== null
    ? fileLink(outcome.link, words)
    : markup`${words}`;
}

/** Paths of the matrix; what a base or case is called is the group's name already, and so is a single path. */
function axesOf(groups: readonly RunGroup[]): string[] {
  const names = groups.flatMap(({ coordinates }) => coordinates.map(({ axis }) => axis));
  const paths = [...new Set(names)].filter((axis) => axis !== "base" && axis !== "case");
  return paths.length > 1 ? paths : [];
}
