import * as d3 from "d3";
import { addText, type Selection } from "./svg.ts";
import { FONT, SIZE } from "./theme.ts";

/** The rectangle in which data are drawn. */
export interface Plot {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** How an axis looks. */
export interface AxisOptions {
  readonly ticks?: number | readonly number[];
  readonly format?: (value: number) => string;
  readonly label?: string;
  readonly grid?: boolean;
}

type Scale = d3.ScaleContinuousNumeric<number, number>;

/** Adds an axis below a plot. */
export function bottomAxis(parent: Selection, plot: Plot, scale: Scale, options: AxisOptions = {}): void {
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

/** Adds an axis on the left of a plot. */
export function leftAxis(parent: Selection, plot: Plot, scale: Scale, options: AxisOptions = {}): void {
  const axis = configure(d3.axisLeft<d3.NumberValue>(scale), options);
  const group = parent.append("g").attr("transform", `translate(${plot.left},0)`).call(call(axis));
  style(group, options.grid === false ? 0 : plot.width, "x2");
  if (options.label) {
    const [x, y] = [10, plot.top + plot.height / 2];
    addText(parent, x, y, options.label, { anchor: "middle", quiet: true })
      .attr("transform", `rotate(-90 ${x} ${y})`);
  }
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

/** The range [low, high] with a margin on both sides, a share of its length; a single value gets room too. */
export function padded([low, high]: readonly [number, number], share = 0.06): [number, number] {
  const margin = (high - low || Math.abs(high) || 1) * share;
  return [low - margin, high + margin];
}
