import type { Sound } from "../../artifacts/figures_json.ts";
import type { ReportData } from "../data.ts";
import { fileLink, type Markup, markup, trusted } from "../markup.ts";
import { separateRolls } from "../rolls.ts";

/** The section with every drawing, its caption and files, and with the figures that there are none of. */
export function figureSection({ figures, omitted }: ReportData): Markup {
  return markup`<div class="gallery">${
    figures.map((figure, i) =>
      markup`
<figure id="figure-${figure.name}">
${trusted(separateRolls(figure.svg))}${figure.sounds && players(figure.sounds)}
<figcaption><p><b>Figure ${i + 1}. ${figure.title}.</b> ${figure.caption}</p>
<div class="links">${
        figure.files.map((file) => markup`${fileLink(file, file.split(".").at(-1)!.toUpperCase())} `)
      }<details><summary>Make it again</summary><pre><code>${figure.command}</code></pre></details></div></figcaption>
</figure>`
    )
  }
</div>
${omitted.map(({ name, reason }) => markup`<p class="note">Not drawn: <b>${name}</b>. ${reason}</p>`)}`;
}

/** Buttons for the rolls of the drawing above, each with what it sounds like, and its MIDI file. */
export function players(sounds: readonly Sound[]): Markup {
  return markup`
<ul class="players">${
    sounds.map(({ title, file, secondsPerStep, notes }, roll) =>
      markup`
<li><button class="play" type="button" aria-pressed="false" data-sound="${
        JSON.stringify({ roll, secondsPerStep: Number(secondsPerStep.toFixed(5)), notes })
      }">${title}</button> ${fileLink(file, "MIDI")}</li>`
    )
  }
</ul>`;
}
