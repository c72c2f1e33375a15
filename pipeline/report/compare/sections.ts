import type { Group as FigureGroup } from "../../figures/charts/group.ts";
import type { Json } from "../../base/json.ts";
import { plural } from "../../base/words.ts";
import { type Markup, markup, trusted } from "../markup.ts";
import type { ComparisonFigure } from "./figures.ts";
import type { Run, RunGroup, Setting } from "./groups.ts";
import type { SideBySide } from "./pictures.ts";

/** Runs without a result and why, the same reason once. */
export function failureList(groups: readonly RunGroup[]): Markup | false {
  const byReason = new Map<string, { run: Run; labels: string[] }>();
  for (const { label, runs } of groups) {
    for (const run of runs) {
      if (run.outcome.status === "done") continue;
      const id = `${run.outcome.status} ${run.outcome.reason}`;
      const entry = byReason.get(id) ?? { run, labels: [] };
      byReason.set(id, { ...entry, labels: [...entry.labels, `${label}, seed ${run.spec.seed}`] });
    }
  }
  if (byReason.size === 0) return false;
  const count = [...byReason.values()].reduce((sum, { labels }) => sum + labels.length, 0);
  return markup`<div class="failures" role="note"><h3>${plural(count, "run")} without a result</h3><ul>${
    [...byReason.values()].map(({ run: { outcome }, labels }) =>
      markup`
<li><b>${labels.slice(0, 6).join("; ")}${labels.length > 6 && ` and ${labels.length - 6} more`}</b>: ${
        outcome.status !== "done" && outcome.reason
      }${outcome.status === "failed" && outcome.notes.map((note) => markup`<small>${note}</small>`)}</li>`
    )
  }</ul></div>`;
}

/** The drawings, with a legend that lights up groups. */
export function figureGallery(
  drawn: readonly ComparisonFigure[],
  groups: readonly RunGroup[],
  painted: readonly FigureGroup[],
): Markup {
  const named = painted.filter(({ index, colour }) =>
    colour !== null && groups[index]!.runs.some(({ result }) => result)
  );
  return markup`<section id="figures">
<h2>Figures</h2>
<ul class="legend" aria-label="Groups">${
    named.map(({ index, name, colour }) =>
      markup`
<li data-group="${index}"><figure><svg viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10" rx="2" fill="${colour}"/></svg></figure>${name}</li>`
    )
  }</ul>
<div class="gallery">${
    drawn.map(({ name, title, caption, svg }, i) =>
      markup`
<figure id="figure-${name}">
${trusted(svg)}
<figcaption><p><b>Figure ${i + 1}. ${title}.</b> ${caption}</p></figcaption>
</figure>`
    )
  }
</div>
</section>`;
}

/** The same picture of each group, side by side. */
export function picturesSideBySide(rows: readonly SideBySide[]): Markup | false {
  if (rows.length === 0) return false;
  return markup`<section id="pictures">
<h2>Side by side</h2>${
    rows.map(({ title, caption, items }) =>
      markup`
<h3>${title}</h3>
<p class="note">${caption}</p>
<div class="pictures">${
        items.map(({ group, label, url, width, height }) =>
          markup`
<figure data-group="${group}"><img src="${url}" alt="${title}: ${label}" width="${width}" height="${height}"><figcaption>${label}</figcaption></figure>`
        )
      }
</div>`
    )
  }
</section>`;
}

/** More groups than this do not fit side by side. */
const MOST_SETTING_COLUMNS = 12;

/** A table of what the groups differ in; false where it would not fit. */
export function settingTable(groups: readonly RunGroup[], differing: readonly Setting[]): Markup | false {
  if (differing.length === 0 || groups.length > MOST_SETTING_COLUMNS) return false;
  return markup`<section id="settings">
<h2>What differs</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Settings">
<table>
<caption>Every setting in which the groups differ; all others are the same in all of them.</caption>
<thead><tr><th scope="col">Setting</th>${
    groups.map(({ label }, i) => markup`<th scope="col" data-group="${i}">${label}</th>`)
  }</tr></thead>
<tbody>${
    differing.map(({ path, values }) =>
      markup`
<tr><th scope="row"><code>${path}</code></th>${
        values.map((value) => markup`<td>${value === undefined ? "–" : plain(value)}</td>`)
      }</tr>`
    )
  }
</tbody></table></div>
</section>`;
}

/** A setting's value on one line. */
function plain(value: Json): string {
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return JSON.stringify(value);
  return value.map((item) =>
    typeof item === "object" && item !== null
      ? Object.entries<Json>(item).map(([key, inside]) => `${key} ${plain(inside)}`).join(" ")
      : plain(item)
  ).join(", ");
}
