import type { Sound } from "../../artifacts/figures_json.ts";
import { capital } from "../../base/words.ts";
import { classColour } from "../../figures/drawing/theme.ts";
import type { ReportData } from "../data.ts";
import { fileLink, type Markup, markup, trusted } from "../markup.ts";
import { separateRolls } from "../rolls.ts";
import { numberTable } from "../table.ts";

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
      }<details><summary>Make it again</summary><pre><code>${figure.command}</code></pre></details></div></figcaption>${
        figure.table && numberTable(figure.table.caption, figure.table.columns, figure.table.rows)
      }
</figure>`
    )
  }
</div>
${omitted.map(({ name, reason }) => markup`<p class="note">Not drawn: <b>${name}</b>. ${reason}</p>`)}`;
}

/** Buttons for the rolls of the drawing above, each with what it sounds like, and its files; how they are played; nothing where there are none. */
export function players(sounds: readonly Sound[]): Markup | undefined {
  if (sounds.length === 0) return undefined;
  return markup`
<ul class="players">${
    sounds.map(({ title, file, score, secondsPerStep, notes }, roll) =>
      markup`
<li><button class="play" type="button" aria-pressed="false" data-sound="${
        JSON.stringify({ roll, secondsPerStep: Number(secondsPerStep.toFixed(5)), notes })
      }">${title}</button> ${fileLink(file, "MIDI")}${score && markup` ${fileLink(score, "MusicXML")}`}</li>`
    )
  }
</ul>
${listeningControls(sounds.find(({ voices }) => voices)?.voices ?? [])}`;
}

/** Controls of how the sounds of a figure are played, which the player reads. */
function listeningControls(voices: readonly string[]): Markup {
  return markup`<div class="listening" role="group" aria-label="How it is played">
<label><input type="checkbox" name="loop"> Repeat</label>
<label>Tempo <input type="range" name="tempo" min="50" max="200" step="5" value="100"> <output>100 %</output></label>
${
    voices.map((name, voice) =>
      markup`<label><input type="checkbox" name="voice" checked> ${swatch(voice)}${capital(name)}</label>
`
    )
  }</div>`;
}

/** The colour that a voice has in the drawing. */
function swatch(voice: number): Markup {
  return markup`<svg class="swatch" viewBox="0 0 1 1" aria-hidden="true"><rect width="1" height="1" fill="${
    classColour(voice)
  }"/></svg>`;
}
