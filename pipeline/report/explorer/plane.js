import { isDark, pageColour } from "../dom.js";
import { density, ellipse } from "./geometry.js";

/** The dashed circles hold these shares of the prior. */
const CIRCLES = [0.5, 0.95];
const GRID = 96;

/** Draws the plane of z on a canvas, and knows what lies where. */
export class Plane {
  #canvas;
  #data;
  #density = new OffscreenCanvas(GRID, GRID);
  /** Positions of the examples. @type {[number, number][]} */
  #points = [];
  limit = 4;
  #still = new OffscreenCanvas(1, 1);
  /** What of `#still` was made: how it was asked for, and the points. */
  #told = "";
  #drawn;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas, data) {
    this.#canvas = canvas;
    this.#data = data;
  }

  /** Looks at another plane. @param {import("./geometry.js").Axes} axes */
  lookAt(axes) {
    const { test } = this.#data;
    this.axes = axes;
    this.#points = Array.from({ length: test.count }, (_, i) => axes.project(test.mean(i)));
    // A posterior that has run away may lie beyond all numbers.
    const farthest = this.#points.flat().map(Math.abs).filter(Number.isFinite).sort((a, b) => a - b);
    this.limit = Math.max(3.2, 1.08 * (farthest[Math.floor(farthest.length * 0.995)] ?? 0));
    this.recolour();
  }

  /** Makes the density anew, in the theme's ink. */
  recolour() {
    const { test } = this.#data;
    const values = density(
      this.#points.map((at, i) => ({ at, covariance: this.axes.covariance(test.logVariance(i)) })),
      this.limit,
      GRID,
    );
    const most = values.reduce((a, b) => Math.max(a, b), 0) || 1, dark = isDark();
    const picture = new ImageData(GRID, GRID);
    for (let i = 0; i < values.length; i++) {
      const to = 4 * ((GRID - 1 - Math.floor(i / GRID)) * GRID + i % GRID);
      picture.data.set(dark ? [157, 180, 255] : [40, 79, 197], to);
      picture.data[to + 3] = (dark ? 110 : 90) * Math.sqrt(values[i] / most);
    }
    this.#density.getContext("2d").putImageData(picture, 0, 0);
    this.#told = "";
  }

  get #scale() {
    return this.#canvas.clientWidth / (2 * this.limit);
  }

  /** From the plane to the canvas. @returns {[number, number]} */
  #to([x, y]) {
    return [(x + this.limit) * this.#scale, (this.limit - y) * this.#scale];
  }

  /** From a pointer to the plane. @param {PointerEvent} event @returns {[number, number]} */
  from({ clientX, clientY }) {
    const box = this.#canvas.getBoundingClientRect();
    const within = (value) => Math.max(-this.limit, Math.min(this.limit, value));
    return [
      within((clientX - box.left) / this.#scale - this.limit),
      within(this.limit - (clientY - box.top) / this.#scale),
    ];
  }

  /** The example nearest to a place, within so many pixels. @param {[number, number]} place @param {Set<number>} hidden */
  nearest(place, hidden, pixels = Infinity) {
    let best = -1, least = (pixels / this.#scale) ** 2;
    this.#points.forEach(([x, y], i) => {
      const distance = (x - place[0]) ** 2 + (y - place[1]) ** 2;
      if (distance < least && !hidden.has(this.#data.test.labels[i])) [best, least] = [i, distance];
    });
    return best < 0 ? undefined : best;
  }

  /**
   * @param {object} state
   * @param {Float32Array} [state.z]
   * @param {Float32Array[]} [state.path]
   * @param {[number, number][]} [state.points] where the examples are, if not at their posterior means
   * @param {Set<number>} state.hidden classes that are not shown
   * @param {{ examples: boolean, density: boolean, prior: boolean }} state.show
   * @param {number} [state.example] the one that is looked at
   * @param {{ mean: Float32Array, logVariance: Float32Array }} [state.posterior] of what the reader drew
   */
  draw({ z, path = [], points = this.#points, hidden, show, example, posterior }) {
    const canvas = this.#canvas, ratio = devicePixelRatio, side = canvas.clientWidth;
    if (canvas.width !== Math.round(side * ratio)) canvas.width = canvas.height = Math.round(side * ratio);
    const context = canvas.getContext("2d");
    const [ink, paper, accent] = ["ink", "paper", "accent"].map(pageColour);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.drawImage(this.#ground({ points, hidden, show, side, ratio, ink }), 0, 0);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (path.length > 0) this.#drawPath(context, path, accent);
    if (posterior) this.#drawPosterior(context, posterior, ink, paper);
    if (example !== undefined) ring(context, this.#to(this.#points[example]), 7, ink, paper);
    if (!z) return;
    const [x, y] = this.#to(this.axes.project(z));
    ring(context, [x, y], 10, accent, paper);
    context.beginPath();
    context.moveTo(x - 15, y);
    context.lineTo(x + 15, y);
    context.moveTo(x, y - 15);
    context.lineTo(x, y + 15);
    context.lineWidth = 1;
    context.strokeStyle = accent;
    context.stroke();
  }

  /** What lies under all that moves, drawn anew only where it is another. */
  #ground({ points, hidden, show, side, ratio, ink }) {
    const told = JSON.stringify([side, ratio, [...hidden], show, isDark(), this.limit]);
    if (this.#told === told && this.#drawn === points) return this.#still;
    [this.#told, this.#drawn] = [told, points];
    const still = this.#still, context = still.getContext("2d");
    still.width = still.height = Math.max(1, Math.round(side * ratio)); // which empties it
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#drawGrid(context, side, pageColour("line"));
    if (show.density) {
      context.imageSmoothingQuality = "high";
      context.drawImage(this.#density, 0, 0, side, side);
    }
    if (show.prior) {
      context.setLineDash([5, 4]);
      context.strokeStyle = ink;
      for (const share of CIRCLES) {
        context.beginPath();
        context.arc(side / 2, side / 2, Math.sqrt(-2 * Math.log(1 - share)) * this.#scale, 0, 2 * Math.PI);
        context.stroke();
      }
      context.setLineDash([]);
    }
    if (show.examples) this.#drawExamples(context, points, hidden);
    return still;
  }

  #drawGrid(context, side, line) {
    const step = gridStep(this.limit);
    context.lineWidth = 1;
    context.strokeStyle = line;
    context.fillStyle = pageColour("quiet");
    context.font = "11px Helvetica, Arial, sans-serif";
    for (let at = -Math.floor(this.limit / step) * step; at <= this.limit; at += step) {
      const [x, y] = this.#to([at, at]);
      context.beginPath();
      context.moveTo(x, 0);
      context.lineTo(x, side);
      context.moveTo(0, y);
      context.lineTo(side, y);
      context.stroke();
      if (x > 24 && x < side - 52) context.fillText(String(at).replace("-", "−"), x + 4, side - 6);
      if (y > 36 && y < side - 20) context.fillText(String(at).replace("-", "−"), 5, y - 4);
    }
    context.font = "600 12px Helvetica, Arial, sans-serif";
    context.textAlign = "right";
    context.fillText(this.axes.names[0], side - 6, side - 6);
    context.textAlign = "left";
    context.fillText(this.axes.names[1], 5, 16);
  }

  #drawExamples(context, points, hidden) {
    const { test: { labels }, colours } = this.#data;
    const palette = isDark() ? colours.dark : colours.light;
    const radius = points.length > 600 ? 2.1 : 2.8;
    context.globalAlpha = 0.8;
    points.forEach((point, i) => {
      if (hidden.has(labels[i])) return;
      const [x, y] = this.#to(point);
      context.fillStyle = palette[labels[i] % palette.length];
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fill();
    });
    context.globalAlpha = 1;
  }

  #drawPath(context, path, accent) {
    const points = path.map((z) => this.#to(this.axes.project(z)));
    context.strokeStyle = accent;
    context.fillStyle = accent;
    context.lineWidth = 2;
    context.lineJoin = "round";
    context.beginPath();
    for (const point of points) context.lineTo(...point);
    context.stroke();
    for (const [x, y] of [points[0], points.at(-1)]) {
      context.beginPath();
      context.arc(x, y, 3.5, 0, 2 * Math.PI);
      context.fill();
    }
  }

  #drawPosterior(context, { mean, logVariance }, ink, paper) {
    const [x, y] = this.#to(this.axes.project(mean));
    const { axes: [a, b], angle } = ellipse(this.axes.covariance(logVariance));
    for (const [width, colour] of [[4, paper], [1.8, ink]]) {
      context.lineWidth = width;
      context.strokeStyle = colour;
      context.beginPath();
      // The canvas counts downwards.
      context.ellipse(
        x,
        y,
        Math.max(2, a * this.#scale),
        Math.max(2, b * this.#scale),
        -angle,
        0,
        2 * Math.PI,
      );
      context.stroke();
    }
    context.fillStyle = ink;
    context.beginPath();
    context.arc(x, y, 3, 0, 2 * Math.PI);
    context.fill();
  }
}

/** So far apart that some five lines lie on either side of the middle: 1, 2, 5, 10... */
function gridStep(limit) {
  const power = 10 ** Math.floor(Math.log10(limit / 5)), times = limit / 5 / power;
  return Math.max(1, power * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10));
}

/** A circle that stands out from whatever lies under it. */
function ring(context, [x, y], radius, colour, halo) {
  for (const [width, stroke] of [[5, halo], [2.2, colour]]) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.lineWidth = width;
    context.strokeStyle = stroke;
    context.stroke();
  }
}
