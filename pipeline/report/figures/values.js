import { tell, tellNothing } from "../tip.js";

/** How near the pointer must come to a value, in units of the drawing. */
const NEAR = 8;

/**
 * Tells the value under the pointer. A drawing holds all that this takes: the scales stand in the ticks of its axes, the
 * values in its paths, their names in its legend, which has their colours. Where an axis has one tick alone nothing is told.
 *
 * Where groups of runs are drawn, a mark tells at least whose it is.
 *
 * @param {SVGSVGElement[]} drawings
 */
export function showValues(drawings) {
  for (const svg of drawings) {
    const plots = plotsOf(svg);
    if (plots.length === 0 && !svg.querySelector("[data-name]")) continue;
    svg.addEventListener("pointermove", (event) => {
      const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(
        svg.getScreenCTM().inverse(),
      );
      tell(
        nearest(plots, x, y) || /** @type {Element} */
          (event.target).closest("[data-name]")?.getAttribute("data-name") || "",
        event,
      );
    });
    svg.addEventListener("pointerleave", tellNothing);
  }
}

/**
 * What is drawn between two axes: parts that are clipped to a rectangle, and groups of runs.
 * @param {SVGElement} svg
 */
function plotsOf(svg) {
  const names = namesOf(svg);
  // Of panels that stand one above the other the lowest alone says what goes across.
  const across =
    [...svg.querySelectorAll("g[text-anchor=middle] + text[text-anchor=middle]")].at(-1)?.textContent ?? "";
  const clipped = [...svg.querySelectorAll("g[clip-path]")].flatMap((inside) => {
    const rect = svg.querySelector(`${inside.getAttribute("clip-path").slice(4, -1)} rect`);
    if (!rect) return [];
    const [from, top, width, height] = ["x", "y", "width", "height"].map((name) =>
      Number(rect.getAttribute(name))
    );
    const holds = (px, py) => px >= from && px <= from + width && py >= top && py <= top + height;
    const series = [...inside.querySelectorAll(":scope > path[stroke]")].map((path) =>
      seriesOf(path, names.get(path.getAttribute("stroke")) ?? "")
    );
    return [{ panel: inside.parentElement, holds, series }];
  });
  const grouped = [...svg.querySelectorAll(":has(> .group)")].map((panel) => ({
    panel,
    holds: () => true,
    series: [...panel.querySelectorAll(":scope > .group > path[fill=none]")].map((path) =>
      seriesOf(path, path.parentElement.dataset.name ?? "")
    ),
  }));
  return [...clipped, ...grouped].flatMap(({ panel, holds, series }) => {
    const axes = [...panel.children].filter((child) => child.querySelector(":scope > .tick"));
    const [left, bottom] = ["end", "middle"].map((anchor) =>
      axes.filter((axis) => axis.getAttribute("text-anchor") === anchor)
    );
    if (left.length !== 1 || bottom.length !== 1 || series.length === 0) return [];
    const [x, y] = [scaleOf(bottom[0], 0), scaleOf(left[0], 1)];
    return x && y ? [{ x, y, across, holds, series }] : [];
  });
}

/** The vertices of a path. A dot is a line of no length. */
function seriesOf(path, name) {
  const words = path.getAttribute("d");
  const vertices = [...words.matchAll(/[ML](-?[\d.]+)[ ,](-?[\d.]+)/g)].map(([, px, py]) => [+px, +py]);
  return { path, isDots: words.includes("h0"), vertices, name };
}

/** The names of a legend's entries by their colour: a dot or a line, and the words behind it. @param {SVGElement} svg */
function namesOf(svg) {
  return new Map(
    [...svg.querySelectorAll("circle + text, line + text")].flatMap((text) => {
      const mark = text.previousElementSibling, isDot = mark.localName === "circle";
      const colour = mark.getAttribute(isDot ? "fill" : "stroke");
      // Behind the name of a series stands where it ends. Ticks have no colour of their own.
      return colour.startsWith("#")
        ? [[colour, isDot ? text.textContent : text.textContent.split(" ")[0]]]
        : [];
    }),
  );
}

/** The linear scale of an axis. @type {(axis: Element, side: 0 | 1) => ((at: number, exact: number) => string) | undefined} */
function scaleOf(axis, side) {
  const ticks = [...axis.querySelectorAll(":scope > .tick")].map((tick) => ({
    at: Number(tick.getAttribute("transform").match(/-?[\d.]+/g)[side]),
    value: numberOf(tick.textContent),
  }));
  const [first, last] = [ticks[0], ticks.at(-1)];
  const slope = (last.value - first.value) / (last.at - first.at);
  if (!Number.isFinite(slope) || slope === 0) return undefined;
  return (at, exact) => {
    const digits = Math.min(6, Math.max(0, Math.floor(-Math.log10(Math.abs(slope) * exact))));
    return String(Number((first.value + (at - first.at) * slope).toFixed(digits))).replace("-", "−");
  };
}

/** A tick's number as axes write it: −2k, 1,000. @param {string} words */
function numberOf(words) {
  const plain = words.replace("−", "-").replaceAll(",", "");
  return plain.endsWith("k") ? 1000 * Number(plain.slice(0, -1)) : Number(plain);
}

/** The nearest value that is shown, in words. */
function nearest(plots, px, py) {
  let least = NEAR, found = "";
  for (const { x, y, across, holds, series } of plots) {
    if (!holds(px, py)) continue;
    for (const { path, isDots, vertices, name } of series) {
      if (path.style.display === "none" || path.closest(".off, .outside, .filtered")) continue;
      for (const [vx, vy] of vertices) {
        const distance = Math.hypot(vx - px, vy - py);
        if (distance >= least || !holds(vx, vy)) continue;
        least = distance;
        const before = name && `${name}, `;
        // Dots stand to a tenth of a unit, lines to a hundredth.
        found = isDots
          ? `${before}(${x(vx, 0.1)}, ${y(vy, 0.1)})`
          : `${before}${across} ${x(vx, 0.01)}: ${y(vy, 0.01)}`;
      }
    }
  }
  return found;
}
