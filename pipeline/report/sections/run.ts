import type { Fact, ReportData } from "../data.ts";
import { count } from "../../base/words.ts";
import { externalLink, type Markup, markup } from "../markup.ts";

/** The section on what was run: the model, the data with their licence, the machine, the versions, the whole spec. */
export function runSection({ spec, model, dataset, execution }: ReportData): Markup {
  const origin: Fact[] = [
    { label: "Data", value: dataset.title },
    ...(dataset.authors === "" ? [] : [{ label: "Authors", value: dataset.authors }]),
    { label: "Split", value: dataset.split },
    { label: "Binarisation", value: dataset.binarisation },
  ];
  return markup`<div class="columns">
<div><h3>Model and training</h3>${facts(model)}</div>
<div><h3>Data</h3>${facts(origin)}<p class="note">Licence: ${
    externalLink(dataset.licence.url, dataset.licence.name)
  }.${dataset.url && markup` Source: ${externalLink(dataset.url)}`}</p></div>
<div><h3>Machine</h3>${facts(execution.machine)}</div>
<div><h3>Versions</h3>${facts(execution.versions)}<details><summary>All ${
    count(execution.packages.length)
  } packages</summary><p class="note">${execution.packages.join(", ")}</p></details></div>
</div>
<details><summary>The spec, with every default filled in</summary>
<pre><code>${JSON.stringify(spec, null, 2)}</code></pre></details>`;
}

/** A list of names and values. */
export function facts(list: readonly Fact[]): Markup {
  return markup`<dl class="facts">${
    list.map(({ label, value, note }) =>
      markup`<div><dt>${label}</dt><dd>${value}${note && markup`<small>${note}</small>`}</dd></div>`
    )
  }</dl>`;
}
