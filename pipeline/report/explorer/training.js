import { element, isCalm, oncePerFrame, onTheme, pageColour } from "../dom.js";
import { axesOf, directionsOf } from "./geometry.js";
import { Plane } from "./plane.js";

/** Milliseconds that each snapshot takes while training is played. */
const PACE = 900;
const [CURVE_WIDTH, CURVE_HEIGHT] = [560, 200];

/**
 * Adds training as it went: one slider over the epochs moves the test posterior, what the model decoded then, and a
 * cursor on the curves.
 *
 * @param {HTMLElement} place
 * @param {import("./explorer.js").View} view
 * @param {Set<number>} hidden classes that are not shown
 */
export function addTraining(place, data, view, hidden) {
  const { training, test, nouns } = data, { epochs, counts } = training, last = epochs.length - 1;
  const scatter = element("canvas", {
    className: "plane still",
    role: "img",
    "aria-label": "Test posterior",
  });
  const curves = element("canvas", { className: "curves", role: "img", "aria-label": "Loss by epoch" });
  const pictures = (count, name) =>
    Array.from(
      { length: count },
      () => element("canvas", { className: "picture", role: "img", "aria-label": name }),
    );
  const samples = pictures(counts.samples, "Sample of the prior");
  const originals = pictures(counts.reconstructions, `Test ${nouns.one}`);
  const again = pictures(counts.reconstructions, "Its reconstruction");
  const grid = pictures(counts.side ** 2, "Decoded from the grid");
  const row = (name, list) =>
    element("div", {}, element("h4", {}, name), element("div", { className: "row" }, ...list));
  const slider = element("input", {
    type: "range",
    min: 0,
    max: last,
    step: isCalm() ? 1 : "any",
    value: last,
    "aria-label": "Epoch",
    oninput: () => {
      pause();
      update();
    },
  });
  const readout = element("output", { className: "readout" });
  const play = element("button", { type: "button", onclick: () => timer ? pause() : start() }, "Play");
  place.append(element(
    "div",
    { className: "reader" },
    element("h3", {}, "Training as it went"),
    element("div", { className: "controls epochs" }, play, slider, readout),
    element(
      "div",
      { className: "explorer" },
      element("div", { className: "explorer-left" }, scatter, curves),
      element(
        "div",
        { className: "explorer-right" },
        ...(view.ofSnapshots ? [element("p", { className: "note" }, view.ofSnapshots)] : []),
        row("Samples of the prior", samples),
        row(`Test ${nouns.many}, and their reconstructions`, [...originals, ...again]),
        ...(counts.side > 0
          ? [
            element("h4", {}, "A grid over the prior"),
            element("div", { className: "grid", style: `--side: ${counts.side}` }, ...grid),
          ]
          : []),
      ),
    ),
  ));

  const plane = new Plane(scatter, data), [first, second] = directionsOf(data);
  plane.lookAt(axesOf(first, second));
  originals.forEach((canvas, i) => view.paint(canvas, training.original(i)));
  let shown = -1;
  const update = oncePerFrame(() => {
    const at = Number(slider.value),
      before = Math.floor(at),
      share = at - before,
      after = Math.min(last, before + 1);
    /** @type {[number, number][]} */
    const points = Array.from({ length: test.count }, (_, i) => {
      const [p, q] = [before, after].map((snapshot) => plane.axes.project(training.codes(snapshot, i)));
      return [p[0] + share * (q[0] - p[0]), p[1] + share * (q[1] - p[1])];
    });
    plane.draw({ points, hidden, show: { examples: true, density: false, prior: true } });
    drawCurves(curves, training, epochs[before] + share * (epochs[after] - epochs[before]));
    const nearest = Math.round(at);
    if (nearest === shown) return;
    shown = nearest;
    readout.textContent = epochs[nearest] === 0 ? "before training" : `epoch ${epochs[nearest]}`;
    slider.setAttribute("aria-valuetext", readout.textContent);
    [...samples, ...again, ...grid].forEach((canvas, i) => view.paint(canvas, training.picture(nearest, i)));
  });

  let timer = 0;
  const pause = () => {
    cancelAnimationFrame(timer);
    timer = 0;
    play.textContent = "Play";
  };
  const start = () => {
    play.textContent = "Pause";
    const from = Number(slider.value) >= last ? 0 : Number(slider.value), begin = performance.now();
    const move = (now) => {
      const at = Math.min(last, from + Math.max(0, now - begin) / PACE);
      slider.value = String(isCalm() ? Math.floor(at) : at);
      update();
      if (at < last) timer = requestAnimationFrame(move);
      else pause();
    };
    timer = requestAnimationFrame(move);
  };
  onTheme(() => {
    shown = -1;
    update();
  });
  new ResizeObserver(update).observe(scatter);
  update();
}

/** Loss by epoch, of the training part and of the test part, with a cursor. @param {HTMLCanvasElement} canvas */
function drawCurves(canvas, { losses }, epoch) {
  const ratio = devicePixelRatio;
  [canvas.width, canvas.height] = [CURVE_WIDTH * ratio, CURVE_HEIGHT * ratio];
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  context.font = "11px Helvetica, Arial, sans-serif";
  const most = losses.at(-1).epoch || 1;
  // What stands before training would flatten all that follows.
  const shown = losses.filter((each) => each.epoch > 0);
  const heldOut = shown.some(({ test }) => test !== null) ? "test" : "validation";
  // The names stand at the right of the curves' ends.
  const room = Math.max(...["train", heldOut].map((name) => context.measureText(name).width)) + 10;
  const box = { left: 44, right: CURVE_WIDTH - room, top: 12, bottom: CURVE_HEIGHT - 30 };
  const values = shown.flatMap((each) => [each.train, each[heldOut]]).filter((value) => value !== null);
  const low = Math.min(...values), high = Math.max(...values), span = high - low || 1;
  const x = (at) => box.left + (box.right - box.left) * at / most;
  const y = (value) => box.bottom - (box.bottom - box.top) * (value - low) / span;
  context.strokeStyle = pageColour("line");
  context.fillStyle = pageColour("quiet");
  for (const value of [low, (low + high) / 2, high]) {
    context.beginPath();
    context.moveTo(box.left, y(value));
    context.lineTo(box.right, y(value));
    context.stroke();
    context.textAlign = "right";
    context.fillText(value.toFixed(value > 999 ? 0 : 1), box.left - 5, y(value) + 4);
  }
  context.textAlign = "center";
  context.fillText("0", x(0), CURVE_HEIGHT - 8);
  context.fillText(`epoch ${most}`, x(most), CURVE_HEIGHT - 8);
  context.textAlign = "left";
  for (const [name, dash] of /** @type {const} */ ([["train", [4, 3]], [heldOut, []]])) {
    context.strokeStyle = pageColour(name === heldOut ? "ink" : "accent");
    context.lineWidth = 1.8;
    context.setLineDash(dash);
    context.beginPath();
    for (const each of shown) if (each[name] !== null) context.lineTo(x(each.epoch), y(each[name]));
    context.stroke();
  }
  context.setLineDash([]);
  const ends = ["train", heldOut].map((name) => ({ name, at: y(shown.at(-1)?.[name] ?? low) }));
  const isTight = Math.abs(ends[0].at - ends[1].at) < 12;
  for (const [i, { name, at }] of ends.sort((a, b) => a.at - b.at).entries()) {
    context.fillStyle = pageColour(name === heldOut ? "ink" : "accent");
    context.fillText(name, box.right + 6, at + 4 + (isTight ? (i - 0.5) * 13 : 0));
  }
  context.strokeStyle = "#e45802";
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x(epoch), box.top - 6);
  context.lineTo(x(epoch), box.bottom);
  context.stroke();
}
