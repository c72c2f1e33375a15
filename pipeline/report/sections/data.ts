import type { ReportData } from "../data.ts";
import { bytes, count, shape } from "../../base/words.ts";
import { type Markup, markup, trusted } from "../markup.ts";

/** The most files that the page lists: a user's own may be a hundred thousand. */
const MOST_FILES = 100;

/** The section on the data: class balance, contact sheet and digests. */
export function dataSection({ dataset }: ReportData): Markup {
  const { splits, classes, contactSheet } = dataset;
  const shown = splits.filter(({ perClass }) => sum(perClass) > 0);
  const sizes = shown.map(({ name, perClass }, i) => `${i ? ", " : ""}${name} (${count(sum(perClass))})`);
  const hasClasses = classes.length > 1;
  const balance = markup`<figure>${trusted(dataset.balanceSvg)}
<figcaption><p><b>Class balance.</b> Examples of each class in ${sizes}; each row has its own scale. One example is ${
    shape(dataset.shape)
  } values; there are ${classes.length} classes.</p></figcaption></figure>`;
  return markup`<div class="columns">
${
    hasClasses
      ? balance
      : markup`<p>Examples: ${sizes}; of one class. One example is ${shape(dataset.shape)} values.</p>`
  }
<figure><img class="sheet" src="${contactSheet.url}" width="${contactSheet.width}" height="${contactSheet.height}" alt="A contact sheet of training examples.">
<figcaption><p><b>Contact sheet.</b> The first training examples${
    hasClasses && " of each class, a class a row"
  }.</p></figcaption></figure>
</div>
<details><summary>Digests of the downloaded files</summary>
<div class="scroll" tabindex="0" role="region" aria-label="Downloaded files"><table>
<caption>What was read, whatever source delivered it.</caption>
<thead><tr><th scope="col">File</th><th scope="col" class="number">Size</th><th scope="col">SHA-256</th></tr></thead>
<tbody>${
    dataset.files.slice(0, MOST_FILES).map((file) =>
      markup`
<tr><th scope="row">${file.name}</th><td class="number">${
        bytes(file.bytes)
      }</td><td><code>${file.sha256}</code></td></tr>`
    )
  }
</tbody></table></div>${
    dataset.files.length > MOST_FILES &&
    markup`<p class="note">And ${count(dataset.files.length - MOST_FILES)} more, which source.json lists.</p>`
  }</details>`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
