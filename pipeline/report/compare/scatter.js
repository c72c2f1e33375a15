import { pageColour } from "../dom.js";
import { emptied, sizeCanvas } from "./canvas.js";

/**
 * Every run as a point over any two axes.
 *
 * @param {import("./parallel_data.ts").ParallelData} data
 * @param {[number, number][]} extents of each axis
 * @param {(axis: object, value: number) => string} shown a value in words
 */
export function makeScatter({ axes, runs, colours }, extents, shown) {
  const HEIGHT = 340;
  const element = document.createElement("canvas");
  element.className = "scatter";
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", "All runs over two axes");
  let width = 0;
  /** Where each run is, for the pointer; null where it was not measured. @type {([number, number] | null)[]} */
  let points = [];

  return {
    element,
    layOut() {
      width = element.clientWidth;
      sizeCanvas(element, width, HEIGHT);
    },
    /** @type {(kept: boolean[], a: number, b: number) => void} */
    draw(kept, a, b) {
      const context = emptied(element), [line, quiet] = ["line", "quiet"].map(pageColour);
      const box = { left: 60, right: width - 16, top: 12, bottom: 300 };
      const at = (axis, value, from, to) => {
        const [low, high] = extents[axis];
        return from + (to - from) * (high > low ? 0.04 + 0.92 * (value - low) / (high - low) : 0.5);
      };
      context.strokeStyle = line;
      context.strokeRect(box.left, box.top, box.right - box.left, box.bottom - box.top);
      context.fillStyle = quiet;
      context.textAlign = "center";
      for (const end of extents[a]) {
        context.fillText(shown(axes[a], end), at(a, end, box.left, box.right), box.bottom + 15);
      }
      const title = ({ name, unit }) => unit ? `${name} (${unit})` : name;
      context.fillText(title(axes[a]), (box.left + box.right) / 2, box.bottom + 32);
      context.textAlign = "right";
      for (const end of extents[b]) {
        context.fillText(shown(axes[b], end), box.left - 6, at(b, end, box.bottom, box.top) + 4);
      }
      context.save();
      context.textAlign = "center";
      context.translate(14, (box.top + box.bottom) / 2);
      context.rotate(-Math.PI / 2);
      context.fillText(title(axes[b]), 0, 0);
      context.restore();
      points = runs.map((_, i) => {
        const [p, q] = [axes[a].values[i], axes[b].values[i]];
        return p === null || q === null
          ? null
          : [at(a, p, box.left, box.right), at(b, q, box.bottom, box.top)];
      });
      for (const isOn of [false, true]) {
        points.forEach((point, i) => {
          if (!point || kept[i] !== isOn) return;
          context.globalAlpha = isOn ? 0.85 : 0.25;
          context.fillStyle = isOn ? colours[runs[i].group] : quiet;
          context.beginPath();
          context.arc(...point, 4, 0, 2 * Math.PI);
          context.fill();
        });
      }
      context.globalAlpha = 1;
    },
    /** The run under the pointer among those that are kept; -1 for none. @type {(event: PointerEvent, kept: boolean[]) => number} */
    near(event, kept) {
      const box = element.getBoundingClientRect(),
        [x, y] = [event.clientX - box.left, event.clientY - box.top];
      let best = -1, least = 10;
      points.forEach((point, i) => {
        const distance = point && kept[i] ? Math.hypot(point[0] - x, point[1] - y) : Infinity;
        if (distance < least) [best, least] = [i, distance];
      });
      return best;
    },
  };
}
