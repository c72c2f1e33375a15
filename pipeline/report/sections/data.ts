import type { ReportData } from "../data.ts";
import { count, shape } from "../format.ts";
import { type Markup, markup, trusted } from "../markup.ts";

export function data({ dataset }: ReportData): Markup {
  const { splits, classes, contactSheet } = dataset;
  const shown = splits.filter(({ perClass }) => sum(perClass) > 0);
  return markup`<section id="data">
<h2>Data</h2>
<div class="columns">
<figure>${trusted(dataset.balanceSvg)}
<figcaption><p><b>Class balance.</b> Examples of each class in ${
    shown.map(({ name, perClass }, i) => `${i ? ", " : ""}${name} (${count(sum(perClass))})`)
  }; each row has its own scale. One example is ${
    shape(dataset.shape)
  } values; there are ${classes.length} classes.</p></figcaption></figure>
<figure><img class="sheet" src="${contactSheet.url}" width="${contactSheet.width}" height="${contactSheet.height}" alt="A contact sheet of training examples.">
<figcaption><p><b>Contact sheet.</b> Training examples as the model reads them.</p></figcaption></figure>
</div>
</section>`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
