import { element } from "../dom.js";

const [STEP, MOST] = [1.25, 20];

/**
 * Shows a figure as large as the window: the wheel, + and - enlarge it further, dragging and the arrow keys move it,
 * 0 shows all of it.
 *
 * @param {Element} figure
 * @param {SVGSVGElement[]} drawings
 */
export function enlarge(figure, drawings) {
  const title = figure.querySelector("figcaption b").textContent;
  const copies = drawings.map((svg) => withOwnIds(svg));
  const stage = element("figure", { className: "stage", tabIndex: 0, "aria-label": title }, ...copies);
  const dialog = element(
    "dialog",
    { className: "enlarged", "aria-label": title, onclose: () => dialog.remove() },
    element(
      "form",
      { method: "dialog" },
      element(
        "p",
        { className: "note" },
        "Wheel, + and − enlarge; drag or use the arrow keys to move; 0 shows all.",
      ),
      element("button", {}, "Close"),
    ),
    stage,
  );
  const views = copies.map((svg) => ({ svg, ...box(svg) }));
  const show = ({ svg, x, y, width, height }) => svg.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
  const change = (view, factor, cx = 0.5, cy = 0.5, dx = 0, dy = 0) => {
    const { start } = view, width = Math.max(start.width / MOST, Math.min(start.width, view.width / factor));
    const height = width * start.height / start.width;
    const within = (value, low, size, side) => Math.max(low, Math.min(low + size - side, value));
    view.x = within(view.x + cx * (view.width - width) + dx * width, start.x, start.width, width);
    view.y = within(view.y + cy * (view.height - height) + dy * height, start.y, start.height, height);
    [view.width, view.height] = [width, height];
    show(view);
  };
  for (const view of views) {
    const share = (event) => {
      const { left, top, width, height } = view.svg.getBoundingClientRect();
      return [(event.clientX - left) / width, (event.clientY - top) / height];
    };
    view.svg.addEventListener("wheel", (event) => {
      event.preventDefault();
      change(view, event.deltaY < 0 ? STEP : 1 / STEP, ...share(event));
    }, { passive: false });
    let from;
    view.svg.addEventListener("pointerdown", (event) => {
      from = share(event);
      view.svg.setPointerCapture(event.pointerId);
    });
    view.svg.addEventListener("pointermove", (event) => {
      if (!from) return;
      const to = share(event);
      change(view, 1, 0, 0, from[0] - to[0], from[1] - to[1]);
      from = to;
    });
    for (const name of ["pointerup", "pointercancel"]) {
      view.svg.addEventListener(name, () => from = undefined);
    }
  }
  stage.addEventListener("keydown", ({ key }) => {
    const moves = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, -0.1], ArrowDown: [0, 0.1] };
    const factor = { "+": STEP, "=": STEP, "-": 1 / STEP, "0": 1 / MOST }[key] ?? 1;
    if (moves[key] || factor !== 1) {
      for (const view of views) change(view, factor, 0.5, 0.5, ...moves[key] ?? [0, 0]);
    }
  });
  document.body.append(dialog);
  dialog.showModal();
  stage.focus();
}

function box(svg) {
  const { x, y, width, height } = svg.viewBox.baseVal;
  return { x, y, width, height, start: { x, y, width, height } };
}

/** A copy for the same page, whose ids are its own. @param {SVGSVGElement} drawing */
export function withOwnIds(drawing) {
  const svg = /** @type {SVGSVGElement} */ (drawing.cloneNode(true));
  for (const part of [svg, ...svg.querySelectorAll("*")]) {
    for (const { name, value } of [...part.attributes]) {
      if (name === "id") part.id = `enlarged-${value}`;
      else if (name === "aria-labelledby") part.setAttribute(name, value.replaceAll(/\S+/g, "enlarged-$&"));
      else if (value.includes("url(#")) part.setAttribute(name, value.replaceAll("url(#", "url(#enlarged-"));
      else if (name.endsWith("href") && value.startsWith("#")) {
        part.setAttribute(name, `#enlarged-${value.slice(1)}`);
      }
    }
  }
  return svg;
}
