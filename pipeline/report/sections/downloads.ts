import type { Download, ReportData } from "../data.ts";
import { bytes } from "../../base/words.ts";
import { fileLink, type Markup, markup } from "../markup.ts";

export function downloads({ downloads }: ReportData): Markup {
  const groups = new Map<string, Download[]>();
  for (const file of downloads) groups.set(file.group, [...(groups.get(file.group) ?? []), file]);
  return markup`<section id="downloads">
<h2>Downloads</h2>
<p>Everything that this run made, in formats that other tools open. The files lie beside this page.</p>
<div class="flow">${
    [...groups].map(([group, files]) =>
      markup`
<div><h3>${group}</h3><ul class="files">${
        files.map(({ path, bytes: size, what }) =>
          markup`
<li>${fileLink(path, path.split("/").at(-1)!)} <small>${bytes(size)}</small>${
            what && markup`<span>${what}</span>`
          }</li>`
        )
      }</ul></div>`
    )
  }
</div>
</section>`;
}
