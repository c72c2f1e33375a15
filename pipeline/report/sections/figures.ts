import type { ReportData } from "../data.ts";
import { fileLink, type Markup, markup, trusted } from "../markup.ts";

export function figures({ figures, omitted }: ReportData): Markup {
  return markup`<section id="figures">
<h2>Figures</h2>
<div class="gallery">${
    figures.map((figure, i) =>
      markup`
<figure id="figure-${figure.name}">
${trusted(figure.svg)}
<figcaption><p><b>Figure ${i + 1}. ${figure.title}.</b> ${figure.caption}</p>
<div class="links">${
        figure.files.map((file) => markup`${fileLink(file, file.split(".").at(-1)!.toUpperCase())} `)
      }<details><summary>Make it again</summary><pre><code>${figure.command}</code></pre></details></div></figcaption>
</figure>`
    )
  }
</div>
${omitted.map(({ name, reason }) => markup`<p class="note">Not drawn: <b>${name}</b>. ${reason}</p>`)}
</section>`;
}
