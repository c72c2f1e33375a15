import { all, element, onTheme } from "../dom.js";
import { tell, tellNothing } from "../tip.js";
import { makeLines } from "./lines.js";
import { makeScatter } from "./scatter.js";

/** Milliseconds after the last move of a brush when tables and figures follow. */
const SETTLED = 120;

/**
 * Draws every run as a line over all axes, and as a point over any two; what is brushed is all that the page shows.
 */
export function startParallel() {
  const place = document.getElementById("parallel"),
    text = document.getElementById("parallel-data")?.textContent;
  if (!place || !text) return;
  /** @type {import("./parallel_data.ts").ParallelData} */
  const { axes, runs, colours } = JSON.parse(text);
  document.getElementById("explore").hidden = false;

  /** @type {[number, number][]} */
  const extents = axes.map(({ values }) => {
    const known = values.filter((value) => value !== null);
    return [Math.min(...known), Math.max(...known)];
  });
  /** What is kept on each axis, [low, high]; null where all is. @type {([number, number] | null)[]} */
  const limits = axes.map(() => null);
  const isKept = (i) =>
    limits.every((limit, a) => {
      const value = axes[a].values[i];
      return limit === null || value !== null && value >= limit[0] && value <= limit[1];
    });
  let kept = runs.map(() => true);

  const shown = (axis, value) =>
    axis.names ? axis.names[Math.round(value)] ?? "" : String(Number(value.toPrecision(4))).replace("-", "−");
  const said = element("output", { "aria-live": "polite" });
  const select = (label, chosen) =>
    element(
      "select",
      { "aria-label": label, onchange: () => draw(drawScatter) },
      ...axes.map(({ name }, i) => element("option", { value: i, selected: i === chosen }, name)),
    );
  const named = (word, otherwise) => {
    const found = axes.findIndex(({ name }) => name.startsWith(word));
    return found < 0 ? otherwise : found;
  };
  // What KL buys of reconstruction, where both are there: the rate-distortion plane (Alemi et al., 2018).
  const across = select("Across", named("KL", 0));
  const up = select("Up", named("Reconstr", axes.length - 1));
  const numbers = axes.map((axis, a) =>
    [0, 1].map((end) =>
      element("input", {
        type: "number",
        step: "any",
        "aria-label": `${axis.name}, ${end === 0 ? "least" : "most"}`,
        placeholder: shown(axis, extents[a][end]),
        onchange: () => {
          const [low, high] = numbers[a].map((input, i) =>
            input.value === "" ? extents[a][i] : Number(input.value)
          );
          limits[a] = numbers[a].every(({ value }) => value === "") ? null : [low, high];
          brushed();
        },
      })
    )
  );
  const clear = element("button", {
    type: "button",
    onclick: () => {
      limits.fill(null);
      brushed();
    },
  }, "Keep all");
  const lines = makeLines({ axes, runs, colours }, extents, shown);
  const scatter = makeScatter({ axes, runs, colours }, extents, shown);
  place.append(
    lines.element,
    element("p", { className: "controls" }, clear, said),
    element(
      "details",
      {},
      element("summary", {}, "Limits as numbers"),
      element(
        "div",
        { className: "limits" },
        ...axes.map(({ name }, a) => element("fieldset", {}, element("legend", {}, name), ...numbers[a])),
      ),
    ),
    element(
      "p",
      { className: "controls" },
      element("label", {}, "Across ", across),
      element("label", {}, "Up ", up),
    ),
    scatter.element,
  );

  /** What has to be drawn again: the brush in the next frame, of the others one a frame. @type {Set<() => void>} */
  const stale = new Set();
  const drawBrush = () => lines.drawAxes(limits),
    drawLines = () => lines.drawRuns(kept),
    drawScatter = () => scatter.draw(kept, Number(across.value), Number(up.value));
  function draw(...drawings) {
    if (stale.size === 0) requestAnimationFrame(drawNext);
    for (const drawing of drawings) stale.add(drawing);
  }
  function drawNext() {
    if (stale.delete(drawBrush)) drawBrush();
    const [next] = stale;
    if (!next) return;
    stale.delete(next);
    next();
    if (stale.size > 0) requestAnimationFrame(drawNext);
  }
  const drawAll = () => {
    lines.drawUnderlay();
    draw(drawBrush, drawLines, drawScatter);
  };

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  function brushed() {
    draw(drawBrush);
    const now = runs.map((_, i) => isKept(i));
    if (now.some((isOn, i) => isOn !== kept[i])) draw(drawLines, drawScatter);
    kept = now;
    const count = kept.filter(Boolean).length;
    const words = count === runs.length ? `${count} runs` : `${count} of ${runs.length} runs`;
    if (said.textContent !== words) said.textContent = words;
    clearTimeout(timer);
    timer = setTimeout(follow, SETTLED);
  }

  const rows = all("#runs tbody tr"), groupRows = all("#results tbody tr, .pictures [data-group]");
  const marks = all(".gallery .group, .legend [data-group]");
  /** Tables and figures show what is kept. */
  function follow() {
    const groups = new Set(runs.filter((_, i) => kept[i]).map(({ group }) => String(group)));
    const isAll = kept.every(Boolean);
    const out = new Set(runs.filter((_, i) => !kept[i]).map(({ row }) => row));
    rows.forEach((row, i) => row.classList.toggle("outside", out.has(i)));
    for (const part of [...groupRows, ...marks]) {
      part.classList.toggle("outside", !isAll && !groups.has(part.dataset.group));
    }
    numbers.forEach((pair, a) =>
      pair.forEach((input, end) => {
        if (document.activeElement !== input) input.value = limits[a] ? limits[a][end].toPrecision(4) : "";
      })
    );
  }

  /** @type {{ axis: number, from: number } | undefined} */
  let brush;
  lines.pad.addEventListener("pointerdown", (event) => {
    const { axis, y } = lines.near(event);
    brush = { axis, from: y };
    limits[axis] = null;
    lines.pad.setPointerCapture(event.pointerId);
    brushed();
  });
  lines.pad.addEventListener("pointermove", (event) => {
    if (!brush) return;
    const { y } = lines.near(event);
    if (Math.abs(y - brush.from) < 3) return;
    limits[brush.axis] = [
      lines.valueAt(brush.axis, Math.max(y, brush.from)),
      lines.valueAt(brush.axis, Math.min(y, brush.from)),
    ];
    brushed();
  });
  for (const name of ["pointerup", "pointercancel"]) {
    lines.pad.addEventListener(name, () => brush = undefined);
  }

  scatter.element.addEventListener("pointermove", (event) => {
    const best = scatter.near(event, kept);
    const value = (axis) => `${axis.name} ${shown(axis, axis.values[best])}`;
    tell(
      best < 0 ? "" : `${runs[best].name}: ${value(axes[across.value])}, ${value(axes[up.value])}`,
      event,
    );
  });
  scatter.element.addEventListener("pointerleave", tellNothing);
  onTheme(drawAll);
  new ResizeObserver(([{ contentRect }]) => {
    lines.layOut(contentRect.width);
    scatter.layOut();
    drawAll();
  }).observe(lines.element);
  brushed();
}
