import { pageColour } from "../dom.js";
import { emptied, sizeCanvas } from "./canvas.js";

/**
 * Parallel coordinates in three layers: all runs, drawn once; those that are kept; the axes with the brush.
 *
 * @param {import("./parallel_data.ts").ParallelData} data
 * @param {[number, number][]} extents of each axis
 * @param {(axis: object, value: number) => string} shown a value in words
 */
export function makeLines({ axes, runs, colours }, extents, shown) {
  const [HEIGHT, TOP, BOTTOM, SIDE] = [300, 34, 26, 46];
  const element = document.createElement("div");
  element.className = "lines";
  const [under, lines, pad] = ["", "", "parallel"].map((className) => {
    const canvas = document.createElement("canvas");
    canvas.className = className;
    element.append(canvas);
    return canvas;
  });
  pad.setAttribute("role", "img");
  pad.setAttribute("aria-label", "All runs over all axes");
  let width = 0;
  /** The line of each run. @type {Path2D[]} */
  let paths = [];

  const xOf = (a) => SIDE + (width - 2 * SIDE) * (axes.length === 1 ? 0.5 : a / (axes.length - 1));
  const yOf = (a, value) => {
    const [low, high] = extents[a];
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (high > low ? (value - low) / (high - low) : 0.5);
  };

  function pathOf(i) {
    const path = new Path2D();
    let isFirst = true;
    axes.forEach(({ values }, a) => {
      if (values[i] === null) return;
      if (isFirst) path.moveTo(xOf(a), yOf(a, values[i]));
      else path.lineTo(xOf(a), yOf(a, values[i]));
      isFirst = false;
    });
    return path;
  }

  return {
    element,
    /** What the pointer moves on. */
    pad,
    layOut(newWidth) {
      width = newWidth;
      for (const canvas of [under, lines, pad]) sizeCanvas(canvas, width, HEIGHT);
      paths = runs.map((_, i) => pathOf(i));
    },
    drawUnderlay() {
      const context = emptied(under), all = new Path2D();
      for (const path of paths) all.addPath(path);
      context.strokeStyle = pageColour("line");
      context.globalAlpha = 0.6;
      context.stroke(all);
    },
    /** @param {boolean[]} kept */
    drawRuns(kept) {
      const context = emptied(lines);
      context.globalAlpha = runs.length > 200 ? 0.45 : 0.8;
      paths.forEach((path, i) => {
        if (!kept[i]) return;
        context.strokeStyle = colours[runs[i].group];
        context.stroke(path);
      });
    },
    /** @param {([number, number] | null)[]} limits what is brushed of each axis */
    drawAxes(limits) {
      const context = emptied(pad);
      const [ink, quiet, accent] = ["ink", "quiet", "accent"].map(pageColour);
      axes.forEach((axis, a) => {
        const x = xOf(a);
        context.strokeStyle = context.fillStyle = ink;
        context.beginPath();
        context.moveTo(x, TOP);
        context.lineTo(x, HEIGHT - BOTTOM);
        context.stroke();
        context.textAlign = "center";
        context.fillText(axis.name, x, a % 2 === 0 ? 12 : 25);
        context.fillStyle = quiet;
        context.fillText(shown(axis, extents[a][0]), x, HEIGHT - BOTTOM + 14);
        context.textAlign = "left";
        context.fillText(shown(axis, extents[a][1]), x + 4, TOP + 4);
        if (!limits[a]) return;
        const [from, to] = limits[a].map((value) => yOf(a, value));
        context.fillStyle = accent;
        context.globalAlpha = 0.3;
        context.fillRect(x - 7, to, 14, Math.max(2, from - to));
        context.globalAlpha = 1;
      });
    },
    /** The axis nearest to the pointer, and how far down it is. @param {PointerEvent} event */
    near(event) {
      const { left, top } = pad.getBoundingClientRect(), x = event.clientX - left;
      const distances = axes.map((_, a) => Math.abs(xOf(a) - x));
      return { axis: distances.indexOf(Math.min(...distances)), y: event.clientY - top };
    },
    /** The value of an axis so far down. @type {(a: number, y: number) => number} */
    valueAt(a, y) {
      const [low, high] = extents[a], share = (HEIGHT - BOTTOM - y) / (HEIGHT - TOP - BOTTOM);
      return low + Math.max(0, Math.min(1, share)) * (high - low);
    },
  };
}
