import { axisLabel, valueLabel } from "../../base/coordinates.ts";
import type { Group as FigureGroup } from "../../figures/charts/group.ts";
import { type Markup, markup } from "../markup.ts";
import type { RunGroup } from "./groups.ts";
import type { ParallelAxis, ParallelData } from "./parallel_data.ts";
import type { Column } from "./summary.ts";

/** The data of the section; undefined where there is too little to draw. */
export function parallelData(
  groups: readonly RunGroup[],
  columns: readonly Column[],
  painted: readonly FigureGroup[],
): ParallelData | undefined {
  // Rows of the table of runs, in its order.
  const rows = groups.flatMap((group, index) => group.runs.map((run) => ({ run, group, index })));
  const done = rows.map((row, at) => ({ ...row, at })).filter(({ run }) => run.result !== undefined);
  if (done.length < 2 || columns.length === 0) return undefined;
  const paths = [...new Set(groups.flatMap(({ coordinates }) => coordinates.map(({ axis }) => axis)))];
  const settings = paths.map((path) => {
    const values = done.map(({ group }) => group.coordinates.find(({ axis }) => axis === path)?.value);
    return axisOf(
      axisLabel(path, paths),
      values.map((value) => value === undefined ? undefined : valueLabel(value)),
    );
  });
  const measures = columns.map(({ measure }): ParallelAxis => ({
    name: measure.short,
    unit: measure.unit,
    names: null,
    values: done.map(({ run }) => measure.value(run.result!) ?? null),
  }));
  const colourOf = new Map(painted.map((group) => [group.index, group.colour]));
  return {
    axes: [...settings, ...measures].filter(({ values }) => new Set(values).size > 1),
    runs: done.map(({ run, group, index, at }) => ({
      name: `${group.label}, seed ${run.spec.seed}`,
      group: index,
      row: at,
    })),
    colours: groups.map((_, index) => colourOf.get(index) ?? "#8a8f98"),
  };
}

/** Numbers by size, names by the alphabet. */
function axisOf(name: string, labels: readonly (string | undefined)[]): ParallelAxis {
  const known = labels.filter((label) => label !== undefined);
  if (known.every((label) => Number.isFinite(Number(label)))) {
    return {
      name,
      unit: "",
      names: null,
      values: labels.map((label) => label === undefined ? null : Number(label)),
    };
  }
  const names = [...new Set(known)].sort();
  return {
    name,
    unit: "",
    names,
    values: labels.map((label) => label === undefined ? null : names.indexOf(label)),
  };
}

/** The section that the script fills in. */
export function parallelSection(): Markup {
  return markup`<section id="explore" hidden>
<h2>All numbers at once</h2>
<p class="note">Each line is a run. Drag along an axis to keep the runs that pass there: tables and figures follow.</p>
<div id="parallel"></div>
</section>`;
}
