import * as d3 from "d3";
import { short } from "../../base/words.ts";
import { addText, type Selection } from "./svg.ts";
import { FONT, SIZE } from "./theme.ts";

/** The rectangle in which data are drawn. */
export interface Plot {
  /** Where its left edge lies, in units of the figure. */
  readonly left: number;
  /** Where its upper edge lies, from the figure's. */
  readonly top: number;
  /** In units of the figure. */
  readonly width: number;
  /** In units of the figure. */
  readonly height: number;
}

/** How an axis is drawn. */
export interface AxisOptions {
  /** About how many, or at which values. Default: 4. */
  readonly ticks?: number | readonly number[];
  /** A tick in words. Default: d3's. */
  readonly format?: (value: number) => string;
  /** What the axis measures, with its unit. */
  readonly label?: string;
  /** Lines across the plot at the ticks. Default: true. */
  readonly grid?: boolean;
}

/** Maps values to places in the figure. */
export type AxisScale = d3.ScaleContinuousNumeric<number, number>;

/**
 * An axis below the plot.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as d3 from "d3";
 * import { bottomAxis, createFigure, type Plot, WIDTH } from "reparam";
 *
 * const figure = createFigure("axis", WIDTH, 100, { title: "An axis", description: "Epochs 0 to 10." });
 * const plot: Plot = { left: 30, top: 10, width: 280, height: 60 };
 * const scale = d3.scaleLinear([0, 10], [plot.left, plot.left + plot.width]);
 * bottomAxis(figure.root, plot, scale, { ticks: [0, 5, 10], label: "epoch" });
 * assert.match(String(figure), />epoch</);
 * ```
 */
export function bottomAxis(parent: Selection, plot: Plot, scale: AxisScale, options: AxisOptions = {}): void {
  const y = plot.top + plot.height;
  const axis = configure(d3.axisBottom<d3.NumberValue>(scale), options);
  const group = parent.append("g").attr("transform", `translate(0,${y})`).call(call(axis));
  style(group, options.grid === false ? 0 : -plot.height, "y2");
  group.append("line").attr("x1", plot.left).attr("x2", plot.left + plot.width).attr("stroke", "currentColor")
    .attr("opacity", 0.6);
  if (options.label) {
    addText(parent, plot.left + plot.width / 2, y + 26, options.label, { anchor: "middle", quiet: true });
  }
}

/**
 * An axis on the left of the plot.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as d3 from "d3";
 * import { createFigure, leftAxis, type Plot, WIDTH } from "reparam";
 *
 * const figure = createFigure("axis", WIDTH, 100, { title: "An axis", description: "Epochs 0 to 10." });
 * const plot: Plot = { left: 30, top: 10, width: 280, height: 60 };
 * const scale = d3.scaleLinear([0, 10], [plot.top + plot.height, plot.top]);
 * leftAxis(figure.root, plot, scale, { ticks: [0, 5, 10], label: "epoch" });
 * assert.match(String(figure), />epoch</);
 * ```
 */
export function leftAxis(parent: Selection, plot: Plot, scale: AxisScale, options: AxisOptions = {}): void {
  const isLarge = scale.domain().some((value) => Math.abs(value) >= 10_000);
  // "−2,000" would lose its minus at the edge of the figure.
  const isFarBelow = !isLarge && scale.domain().some((value) => value <= -1000);
  const format = options.format ??
    (isLarge ? (value: number) => short(value, 0) : isFarBelow ? inThousands : undefined);
  const axis = configure(d3.axisLeft<d3.NumberValue>(scale), { ...options, ...(format ? { format } : {}) });
  const group = parent.append("g").attr("transform", `translate(${plot.left},0)`).call(call(axis));
  style(group, options.grid === false ? 0 : plot.width, "x2");
  if (options.label) {
    const [x, y] = [10, plot.top + plot.height / 2];
    addText(parent, x, y, options.label, { anchor: "middle", quiet: true })
      .attr("transform", `rotate(-90 ${x} ${y})`);
  }
}

function inThousands(value: number): string {
  const text = Math.abs(value) >= 1000 ? `${Number((value / 1000).toFixed(3))}k` : String(value);
  return text.replace("-", "−");
}

function configure(axis: d3.Axis<d3.NumberValue>, { ticks = 4, format }: AxisOptions) {
  axis.offset(0).tickSize(0).tickPadding(4);
  if (typeof ticks === "number") axis.ticks(ticks);
  else axis.tickValues(ticks);
  if (format) axis.tickFormat((value) => format(Number(value)));
  return axis;
}

// d3's types want a browser's SVGGElement; linkedom's elements do all that an axis asks of it.
function call(axis: d3.Axis<d3.NumberValue>) {
  return axis as unknown as (selection: Selection) => void;
}

function style(group: Selection, gridLength: number, end: "x2" | "y2"): void {
  group.attr("font-size", SIZE.small).attr("font-family", FONT);
  group.select(".domain").remove();
  group.selectAll(".tick line").attr(end, gridLength).attr("opacity", 0.15);
  group.selectAll(".tick text").attr("fill-opacity", 0.8);
  group.selectAll(".tick").attr("opacity", null);
}

/**
 * [low, high] with a margin on both sides; a single value gets room too.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { padded } from "reparam";
 *
 * assert.deepEqual(padded([0, 100]), [-6, 106]);
 * ```
 */
export function padded([low, high]: readonly [number, number], share = 0.06): [number, number] {
  const margin = (high - low || Math.abs(high) || 1) * share;
  return [low - margin, high + margin];
}
