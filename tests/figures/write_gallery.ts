import { renderDocument } from "../../pipeline/report/document.ts";
import { markup, trusted } from "../../pipeline/report/markup.ts";
import { CHART_GALLERY, MUSIC_GALLERY } from "./gallery_of_others.ts";
import { CONV_MODEL, gallery, type GallerySize } from "./gallery.ts";

/** `deno task gallery`: every figure from fixed data, on one page, and those that README shows. */

const SIZE: GallerySize = { points: 600, epochs: 20, images: 9, side: 28, model: CONV_MODEL };
const README = {
  "latent-scatter":
    "Posterior means of made-up digits in a latent space of two dimensions, coloured by class.",
  "learning-curves": "Made-up losses of the training and the test part over twenty epochs.",
} as const;
const ROOT = new URL("../../", import.meta.url);

/** The drawings that README shows, by their paths. */
export function readmeFigures(): Record<string, string> {
  const drawn = gallery({ ...SIZE, points: 300 });
  return Object.fromEntries(
    Object.entries(README).map(([name, description]) => {
      const svg = drawn[name as keyof typeof README]({ title: name.replace("-", " "), description });
      // A drawing of its own stands on white, whatever the page around it.
      return [`docs/figures/${name}.svg`, svg.trimEnd() + "\n"];
    }),
  );
}

if (import.meta.main) {
  const sections = { "Images": gallery(SIZE), "Music": MUSIC_GALLERY, "Comparisons": CHART_GALLERY };
  const style = await Deno.readTextFile(new URL("pipeline/report/style.css", ROOT));
  const body = markup`<main>
<header><p class="kicker">Reparam</p><h1>All figures, from fixed data</h1></header>${
    Object.entries(sections).map(([title, figures]) =>
      markup`
<section><h2>${title}</h2><div class="gallery">${
        Object.entries(figures).map(([name, draw]) =>
          markup`
<figure id="figure-${name}">
${trusted(draw({ title: name, description: `The figure ${name}, from fixed data.` }))}
<figcaption><p><b>${name}</b></p></figcaption>
</figure>`
        )
      }
</div></section>`
    )
  }
</main>`;
  const folder = new URL("reports/gallery/", ROOT);
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(new URL("index.html", folder), renderDocument({ title: "Gallery", style, body }));
  for (const [path, svg] of Object.entries(readmeFigures())) {
    await Deno.writeTextFile(new URL(path, ROOT), svg);
  }
  console.log("reports/gallery/index.html");
}
