import type { FigureEntry } from "../../artifacts/figures_json.ts";
import { type Content, type Markup, markup, trusted } from "../markup.ts";
import { separateRolls } from "../rolls.ts";
import { players } from "../sections/figures.ts";
import type { PaperResult } from "./read.ts";

/** A drawing whose ids are its own on a page that holds several of its kind. */
function scoped(svg: string, scope: string): string {
  return svg.replace(/ id="([^"]+)"/g, ` id="${scope}-$1"`)
    .replace(/url\(#([^)]+)\)/g, `url(#${scope}-$1)`)
    .replace(
      / aria-labelledby="([^"]+)"/,
      (_, ids: string) => ` aria-labelledby="${ids.split(" ").map((id) => `${scope}-${id}`).join(" ")}"`,
    );
}

/** A drawing with its words. `id` is its place in the page. */
export interface PageFigure {
  readonly id: string;
  readonly svg: string;
  readonly title: Content;
  readonly caption: Content;
  readonly sounds?: FigureEntry["sounds"];
}

/** A figure as the page shows it. */
export function figureOf({ id, svg, title, caption, sounds }: PageFigure): Markup {
  return markup`
<figure id="${id}">
${trusted(separateRolls(scoped(svg, id)))}${sounds && players(sounds)}
<figcaption><p><b>${title}</b> ${caption}</p></figcaption>
</figure>`;
}

/** A figure that a run rendered; undefined where it did not. */
export function renderedFigure(result: PaperResult, name: string): PageFigure | undefined {
  const figure = result.figures.find((figure) => figure.name === name);
  if (!figure) return undefined;
  const folder = result.outcome.link?.replace(/[^/]*$/, "") ?? "";
  const { svg, title, caption, sounds } = figure;
  return {
    id: `${result.spec.name}-${name}`,
    svg,
    title: `${title}.`,
    caption,
    ...(sounds ? { sounds: sounds.map((sound) => ({ ...sound, file: `${folder}${sound.file}` })) } : {}),
  };
}

/** A figure as the run rendered it, with its own title and caption; undefined where it did not. */
export function rendered(result: PaperResult, name: string): Markup | undefined {
  const figure = renderedFigure(result, name);
  return figure && figureOf(figure);
}
