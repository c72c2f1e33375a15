import type { MusicRow, ReportData } from "../data.ts";
import { count } from "../../base/words.ts";
import { type Markup, markup } from "../markup.ts";

/** What is measured of notes and bars. */
export function music({ music }: ReportData): Markup | null {
  if (!music) return null;
  return markup`<section id="music">
<h2>Music</h2>
<p class="${music.leaks ? "warning" : "note"}">${music.split}</p>
<div class="columns">
<div>${
    table("Likelihood of test windows, in nats per step; lower is better.", ["", "Nats"], music.frames)
  }</div>
<div>${
    table(
      "Notes of reconstructions against those of test windows.",
      ["", "Precision", "Recall", "F1"],
      music.notes,
    )
  }</div>
</div>
${
    table(
      `What the music is like: ${
        count(music.rolls)
      } windows of each kind, training windows apart. Distances are ` +
        `Jensen-Shannon divergences in bits and 1-Wasserstein distances.`,
      [
        "",
        "Pitches at once",
        "Note length (steps)",
        "Notes per bar",
        "Empty bars",
        "Pitch classes (bits)",
        "Onsets (bits)",
        "Polyphony (pitches)",
        "Lengths (steps)",
      ],
      music.statistics,
    )
  }
<p class="note">${music.copies}</p>
</section>`;
}

function table(caption: string, head: readonly string[], rows: readonly MusicRow[]): Markup {
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${
    head.map((name, i) => i === 0 ? markup`<td></td>` : markup`<th scope="col" class="number">${name}</th>`)
  }</tr></thead>
<tbody>${
    rows.map(({ name, note, values }) =>
      markup`
<tr><th scope="row">${name}${note && markup`<small>${note}</small>`}</th>${
        values.map((value) => markup`<td class="number">${value}</td>`)
      }</tr>`
    )
  }
</tbody></table></div>`;
}
