import { element, pageColour } from "../../report/dom.js";
import { contentsOf } from "../pad_contents.js";

/** A brush's radius as a share of the picture's shorter side: that of a stroke of MNIST. */
const BRUSH = 0.045;

/**
 * A picture that is drawn on: by mouse, finger or pen, or by arrow keys and the space bar.
 *
 * @param {[height: number, width: number]} shape
 * @param {(canvas: HTMLCanvasElement, values: Float32Array) => void} paint
 * @param {() => void} changed
 */
export function drawingPad([height, width], paint, changed) {
  const values = new Float32Array(width * height), hidden = new Uint8Array(width * height);
  const radius = Math.max(0.8, BRUSH * Math.min(width, height));
  const picture = document.createElement("canvas");
  const canvas = element("canvas", {
    className: "pad",
    tabIndex: 0,
    role: "application",
    "aria-label": "Drawing pad: arrow keys move the brush, the space bar draws",
    style: `aspect-ratio: ${width} / ${height}`,
  });
  [canvas.width, canvas.height] = [width * 12, height * 12];
  const modes = {
    Draw: (at, cover) => {
      values[at] = Math.max(values[at], cover);
      hidden[at] = 0;
    },
    Erase: (at, cover) => {
      values[at] = Math.min(values[at], 1 - cover);
      hidden[at] = 0;
    },
    Hide: (at, cover) => {
      if (cover > 0.5) hidden[at] = 1;
    },
  };
  let mode = "Draw", cursor = undefined, last = undefined;

  const show = () => {
    paint(picture, values);
    const context = canvas.getContext("2d"), [w, h] = [canvas.width / width, canvas.height / height];
    context.imageSmoothingEnabled = false;
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    context.fillStyle = "#e45802";
    for (let at = 0; at < hidden.length; at++) {
      if (hidden[at]) context.fillRect(at % width * w, Math.floor(at / width) * h, w - 1, h - 1);
    }
    if (!cursor) return;
    context.strokeStyle = pageColour("accent");
    context.lineWidth = 3;
    context.beginPath();
    context.arc((cursor[0] + 0.5) * w, (cursor[1] + 0.5) * h, radius * w, 0, 2 * Math.PI);
    context.stroke();
  };
  /** One touch of the brush, in pixels of the picture. A larger brush hides, as it does not write. */
  const touch = ([x, y]) => {
    const size = mode === "Draw" ? radius : 2 * radius, reach = Math.ceil(size + 1);
    for (let row = Math.max(0, Math.floor(y) - reach); row <= Math.min(height - 1, y + reach); row++) {
      for (
        let column = Math.max(0, Math.floor(x) - reach);
        column <= Math.min(width - 1, x + reach);
        column++
      ) {
        const cover = Math.max(0, Math.min(1, size + 0.5 - Math.hypot(column - x, row - y)));
        if (cover > 0) modes[mode](row * width + column, cover);
      }
    }
  };
  /** A stroke from where the brush was. */
  const stroke = (to) => {
    const from = last ?? to, steps = Math.ceil(2 * Math.hypot(to[0] - from[0], to[1] - from[1])) || 1;
    for (let i = 1; i <= steps; i++) {
      touch([from[0] + (to[0] - from[0]) * i / steps, from[1] + (to[1] - from[1]) * i / steps]);
    }
    last = to;
    show();
    changed();
  };
  const place = ({ clientX, clientY }) => {
    const box = canvas.getBoundingClientRect();
    return [(clientX - box.left) / box.width * width - 0.5, (clientY - box.top) / box.height * height - 0.5];
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    [last, cursor] = [undefined, undefined];
    stroke(place(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (last === undefined) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) stroke(place(each));
  });
  for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => last = undefined);
  canvas.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!move && event.key !== " ") return;
    event.preventDefault();
    cursor ??= [Math.floor(width / 2), Math.floor(height / 2)];
    if (!move) {
      last = undefined;
      return stroke(cursor);
    }
    cursor = cursor.map((at, axis) => Math.max(0, Math.min([width, height][axis] - 1, at + move[axis])));
    show();
  });
  show();
  return {
    node: canvas,
    values,
    hidden,
    modes: Object.keys(modes),
    mode: (name) => mode = name,
    ...contentsOf({ values, hidden }, () => {
      show();
      changed();
    }),
  };
}
