import * as d3 from "d3";
import { DOMParser } from "linkedom";
import { FONT, INK, PAPER, SIZE } from "./theme.ts";

/** What a reader without the picture is told: becomes `<title>` and `<desc>`. */
export interface FigureText {
  /** Becomes `<title>`. */
  readonly title: string;
  /** Becomes `<desc>`: what a reader without the picture is told. */
  readonly description: string;
}

/** An element of a figure, as d3 selects it. */
export type Selection = d3.Selection<d3.BaseType, unknown, null, undefined>;

/** A drawing. */
export interface Figure {
  /** The `<svg>` element. */
  readonly root: Selection;
  /**
   * The file's text: the same data gives the same bytes.
   *
   * @throws {RangeError} where a coordinate is not a finite number
   */
  toString(): string;
}

/**
 * Begins a drawing of `width` by `height` units, white when opened alone. A page that holds it inline may change
 * `currentColor`, the `paper` rectangle, the `halo` of labels, and the colours named in `ON_DARK`.
 * `name` makes its ids distinct from those of other figures on the same page.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { addText, createFigure } from "reparam";
 *
 * const figure = createFigure("answer", 320, 20, { title: "The answer", description: "It is 42." });
 * addText(figure.root, 160, 14, "42", { anchor: "middle", bold: true });
 * assert.match(String(figure), /<desc [^>]*>It is 42.<\/desc>.*<text [^>]*>42<\/text>/);
 * ```
 */
export function createFigure(name: string, width: number, height: number, text: FigureText): Figure {
  const document = new DOMParser().parseFromString(
    `<svg xmlns="http://www.w3.org/2000/svg"></svg>`,
    "image/svg+xml",
  );
  const element = document.documentElement;
  const root: Selection = d3.select(element as unknown as d3.BaseType);
  root.attr("viewBox", `0 0 ${width} ${height}`)
    .attr("width", 2 * width)
    .attr("height", 2 * height)
    .attr("role", "img")
    .attr("aria-labelledby", `${name}-title ${name}-description`)
    .attr("color", INK)
    .attr("font-family", FONT)
    .attr("font-size", SIZE.small);
  root.append("title").attr("id", `${name}-title`).text(text.title);
  root.append("desc").attr("id", `${name}-description`).text(text.description);
  root.append("rect").attr("class", "paper").attr("width", width).attr("height", height).attr("fill", PAPER);
  return { root, toString: () => serialise(element as unknown as Element) };
}

interface Element {
  readonly localName: string;
  readonly attributes: Iterable<{ name: string; value: string }>;
  querySelectorAll(selector: string): Iterable<Element>;
  toString(): string;
}

const GEOMETRY = new Set([
  ..."d x y x1 x2 y1 y2 cx cy r rx dx dy width height points transform viewBox offset".split(" "),
  ..."stroke-width stroke-dasharray opacity fill-opacity font-size".split(" "),
]);

function serialise(svg: Element): string {
  for (const element of [svg, ...svg.querySelectorAll("*")]) {
    for (const attribute of element.attributes) {
      if (!GEOMETRY.has(attribute.name)) continue;
      const { name, value } = attribute;
      if (/NaN|Infinity|undefined|null/.test(value)) {
        throw new RangeError(
          `Cannot draw: attribute ${name} of <${element.localName}> is not finite: ${value.slice(0, 60)}`,
        );
      }
      attribute.value = value.replace(/-?\d+\.\d+(?:e[-+]?\d+)?|-?\d+e-\d+/g, (x) => decimal(Number(x)));
    }
  }
  // XML has no control characters beside line break and tab, however they are written.
  return svg.toString().replaceAll(/[^\P{Cc}\n\t]|[\ufffe\uffff]/gu, "\ufffd").toWellFormed() + "\n";
}

/** A number with at most two decimals, without trailing zeros and without "-0". */
export function decimal(value: number): string {
  return String(Math.round(value * 100) / 100 || 0);
}

/** How words are written. */
export interface TextOptions {
  /** Which point of the words stands at x. Default: start. */
  readonly anchor?: "start" | "middle" | "end";
  /** In units of the figure. Default: `SIZE.small`. */
  readonly size?: number;
  /** In bold letters. */
  readonly bold?: boolean;
  /** Grey: for what is read second. */
  readonly quiet?: boolean;
  /** A rim in the colour of the page, for words on top of marks. */
  readonly halo?: boolean;
  /** Default: that of the page's text. */
  readonly colour?: string;
}

/**
 * Words with their baseline at (x, y).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { addText, createFigure } from "reparam";
 *
 * const { root } = createFigure("words", 100, 20, { title: "Words", description: "A word." });
 * assert.equal(addText(root, 0, 14, "word", { quiet: true }).attr("fill-opacity"), "0.7");
 * ```
 */
export function addText(
  parent: Selection,
  x: number,
  y: number,
  words: string,
  options: TextOptions = {},
): Selection {
  const { anchor = "start", size = SIZE.small, bold, quiet, halo, colour = "currentColor" } = options;
  const text = parent.append("text").attr("x", x).attr("y", y).attr("fill", colour).text(words);
  if (anchor !== "start") text.attr("text-anchor", anchor);
  if (size !== SIZE.small) text.attr("font-size", size);
  if (bold) text.attr("font-weight", "bold");
  if (quiet) text.attr("fill-opacity", 0.7);
  if (halo) {
    text.attr("class", "halo").attr("stroke", PAPER).attr("stroke-width", 3).attr("stroke-linejoin", "round")
      .attr("paint-order", "stroke");
  }
  return text;
}
