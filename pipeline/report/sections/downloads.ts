import { bytes } from "../../base/words.ts";
import type { Download, ReportData } from "../data.ts";
import { fileLink, type Markup, markup } from "../markup.ts";

/** The section with every file of the bundle, in groups. What all files of a group are is said once. */
export function downloadSection({ downloads }: ReportData): Markup {
  const groups = Map.groupBy(downloads, ({ group }) => group);
  return markup`<p>Everything that this run made, in formats that other tools open. The files lie beside this page.</p>
<div class="flow">${
    [...groups].map(([group, files]) => {
      const words = new Set(files.map(inWords));
      const shared = files.length > 1 && words.size === 1;
      return markup`
<div><h3>${group}</h3>${shared && markup`<p class="note">${[...words]}</p>`}<ul class="files">${
        files.map((file) =>
          markup`
<li>${fileLink(file.path, file.path.split("/").at(-1)!)} <small>${bytes(file.bytes)}</small>${
            !shared && markup`<span>${inWords(file)}</span>`
          }</li>`
        )
      }</ul></div>`;
    })
  }
</div>`;
}

function inWords({ what, holds }: Download): string {
  return `${what} (${holds})`;
}
