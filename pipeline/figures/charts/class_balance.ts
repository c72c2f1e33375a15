import * as d3 from "d3";
import { count } from "../../base/words.ts";
import { addText, createFigure, type FigureText } from "../drawing/svg.ts";
import { classColour, SIZE, WIDTH } from "../drawing/theme.ts";

/** How many examples of each class there are in each split. */
export interface ClassBalanceData {
  readonly classes: readonly string[];
  readonly splits: readonly { readonly name: string; readonly perClass: readonly number[] }[];
}

const ROW = 76;

/** Draws a row of bars per split, one for each class, each row on its own scale. */
export function classBalance({ classes, splits }: ClassBalanceData, text: FigureText): string {
  const figure = createFigure("class-balance", WIDTH, splits.length * ROW + 14, text);
  const x = d3.scaleBand(d3.range(classes.length), [0, WIDTH]).padding(0.2);
  splits.forEach(({ name, perClass }, row) => {
    const top = row * ROW;
    const words = `${name} · ${d3.sum(perClass).toLocaleString("en-GB")}`;
    addText(figure.root, 1, top + 12, words, { bold: true, size: SIZE.text });
    const y = d3.scaleLinear([0, Math.max(1, ...perClass)], [0, 36]);
    perClass.forEach((value, label) => {
      const height = y(value);
      figure.root.append("rect").attr("x", x(label)!).attr("y", top + 68 - height).attr(
        "width",
        x.bandwidth(),
      )
        .attr("height", height).attr("fill", classColour(label))
        .append("title").text(`${name}, ${classes[label]}: ${count(value)}`);
      // Ten four-digit numbers fit side by side; of more classes every second or third is labelled.
      if (label % Math.ceil(classes.length / 10)) return;
      addText(figure.root, x(label)! + x.bandwidth() / 2, top + 64 - height, String(value), {
        anchor: "middle",
      });
    });
    figure.root.append("line").attr("x1", 0).attr("x2", WIDTH).attr("y1", top + 68).attr("y2", top + 68)
      .attr("stroke", "currentColor").attr("opacity", 0.4);
  });
  classes.forEach((name, label) => {
    if (label % Math.ceil(classes.length / 10)) return;
    addText(figure.root, x(label)! + x.bandwidth() / 2, splits.length * ROW + 5, name, {
      anchor: "middle",
      quiet: true,
    });
  });
  return figure.toString();
}
