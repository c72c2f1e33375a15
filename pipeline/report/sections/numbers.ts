import type { ProbeMetrics } from "../../artifacts/metrics_json.ts";
import type { ReportData } from "../data.ts";
import { count, nats, percent } from "../../base/words.ts";
import { type Markup, markup } from "../markup.ts";
import { facts } from "./run.ts";

/** The section with every number, its split, likelihood and binarisation beside it. */
export function numberSection({ quantities, caveat, latent, samples, probe, dataset }: ReportData): Markup {
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="Likelihood">
<table>
<caption>Likelihood, in nats per example, summed over dimensions; lower is better.</caption>
<thead><tr><th scope="col">Quantity</th><th scope="col" class="number">Nats</th>
<th scope="col">Split</th><th scope="col">Likelihood</th></tr></thead>
<tbody>${
    quantities.map((row) =>
      markup`
<tr${row.part && markup` class="part"`}><th scope="row">${row.name}<small>${row.note}</small></th>
<td class="number">${nats(row.value)}${
        row.standardError !== null && markup`<small>± ${row.standardError.toFixed(2)}</small>`
      }</td>
<td>${row.split}<small>${count(row.examples)} examples</small></td>
<td>${row.likelihood}<small>binarisation: ${row.binarisation}</small></td></tr>`
    )
  }
</tbody></table></div>
${caveat && markup`<p class="note">${caveat}</p>`}
<div class="columns">
<div><h3>Latent space</h3>${facts(latent)}</div>
${samples.length > 0 && markup`<div><h3>Samples of the prior</h3>${facts(samples)}</div>`}
${probe && markup`<div><h3>How well classes can be told apart</h3>${probeTable(probe)}</div>`}
${
    dataset.classes.length < 2 &&
    markup`<p class="note">No classes were probed: the data have one class alone.</p>`
  }
</div>`;
}

function probeTable({ rows, neighbours, referenceExamples, testExamples }: ProbeMetrics): Markup {
  const best = {
    linear: Math.max(...rows.map((row) => row.linear)),
    nearest: Math.max(...rows.map((row) => row.nearest)),
  };
  const cell = (value: number, most: number) =>
    markup`<td class="number">${
      value === most ? markup`<strong>${percent(value)}</strong>` : percent(value)
    }</td>`;
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="Probe accuracies">
<table>
<caption>Accuracy on ${
    count(testExamples)
  } test examples of classifiers that see only the representation, fitted to ${
    count(referenceExamples)
  } training examples; the best in bold.</caption>
<thead><tr><th scope="col">Representation</th><th scope="col" class="number">Values</th>
<th scope="col" class="number">Linear probe</th><th scope="col" class="number">${neighbours}-NN</th></tr></thead>
<tbody>${
    rows.map((row) =>
      markup`
<tr><th scope="row">${row.representation}</th><td class="number">${count(row.dimensions)}</td>${
        cell(row.linear, best.linear)
      }${cell(row.nearest, best.nearest)}</tr>`
    )
  }
</tbody></table></div>`;
}
