import { readExplorer } from "./data.js";
import { element, oncePerFrame, onTheme } from "../dom.js";
import { axesOf, directionsOf, normal } from "./geometry.js";
import { centreOf, layOut } from "./layout.js";
import { Model } from "./model.js";
import { Path } from "./path.js";
import { Plane } from "./plane.js";
import { addReader } from "./reader.js";
import { addTraining } from "./training.js";

/**
 * What a kind of data brings.
 *
 * @typedef {[content: BlobPart, name: string, type: string]} SavedFile
 * @typedef {object} View
 * @property {import("./model.js").Choose} choose What a model writes at a step that writes step after step.
 * @property {(canvas: HTMLCanvasElement, values: Float32Array) => void} paint Shows an example, decoded or not.
 * @property {(decoded: Float32Array) => ArrayLike<number>} settle What is decoded, as examples are: music as cells.
 * @property {(explorer: Explorer) => Node[]} [controls] More to do with what is decoded.
 * @property {string} [ofSnapshots] What to know of what was decoded as training went, where that was done otherwise.
 * @property {{ label: string, frames: number, make: (decoded: Float32Array[]) => SavedFile | Promise<SavedFile> }[]} files What a path is saved
 *   as: `make` gives content, name and type, now or later.
 * @property {import("./reader.js").Pad | undefined} pad Where readers make an example of their own.
 */

/** A pointer that has moved less than so many pixels has not been dragged. */
const STILL = 3;
/** How near to an example, in pixels, a pointer is on it. */
const NEAR = 7;

/**
 * Fills in the section where the model answers, where the page has one.
 * @param {(data: object) => View} viewOf
 */
export async function startExplorer(viewOf) {
  const place = document.getElementById("explorer");
  if (!place) return;
  const said = element("p", { className: "note" }, "The model is being unpacked.");
  place.append(said);
  try {
    const data = await readExplorer();
    if (data) new Explorer(place, data, viewOf(data));
    said.remove();
  } catch (error) {
    said.textContent = `This browser cannot run the model: ${error instanceof Error ? error.message : error}`;
    throw error;
  }
}

class Explorer {
  #data;
  #view;
  #model;
  #plane;
  #parts;
  #path;
  #directions;
  #hidden = new Set();
  /** Looks again at what the reader has drawn. */
  #reread = () => {};
  #shown = { examples: true, density: true, prior: true };
  /** @type {number | undefined} */
  #example;
  /** Of what the reader has drawn. */
  #posterior;
  /** @type {Float32Array} */
  z;
  /** Shows what is new with the next picture. */
  update = oncePerFrame(() => this.#show());

  constructor(place, data, view) {
    this.#data = data;
    this.#view = view;
    this.#shown.prior = data.standardNormalPrior;
    this.#model = new Model(data, view.choose);
    this.#directions = directionsOf(data);
    this.z = new Float32Array(data.latentSize);
    this.#path = new Path(this, view.files);
    const names = this.#directions.map(({ name }) => name);
    this.#parts = layOut(data, names, this.#actions(), this.#path.node, view.controls?.(this) ?? []);
    this.#plane = new Plane(this.#parts.plane, data);
    place.append(this.#parts.whole);
    this.#look();
    this.#listen();
    onTheme(() => {
      this.#plane.recolour();
      this.update();
    });
    new ResizeObserver(this.update).observe(this.#parts.plane);
    if (this.#model.encodes && view.pad) {
      this.#reread = addReader(this.#parts.whole, data, view, this.#model, {
        changed: (posterior) => {
          this.#posterior = posterior;
          if (posterior) this.goTo(posterior.mean);
          else this.update();
        },
        example: () => this.#example,
      });
    }
    if (data.training) addTraining(this.#parts.whole, data, view, this.#hidden);
    // The example nearest to the middle shows at once what there is to see.
    this.#choose(this.#plane.nearest([0, 0], this.#hidden));
  }

  /** @param {ArrayLike<number>} z */
  goTo(z) {
    this.z = Float32Array.from(z);
    this.update();
  }

  /** To an example's mean, as one of its class. @param {number} i */
  #goToExample(i) {
    const { test } = this.#data;
    this.#model.told = this.#parts.told.value = test.labels[i];
    this.goTo(test.mean(i));
  }

  /** @param {Float32Array} z */
  decode(z) {
    return this.#model.decode(z);
  }

  /** Says by the cursor that the pointer draws. */
  drawing(on) {
    this.#parts.plane.classList.toggle("drawing", on);
  }

  #actions() {
    return {
      look: () => this.#look(),
      /** @returns whether the class is shown now */
      toggleClass: (label) => {
        const isShown = this.#hidden.delete(label);
        if (!isShown) this.#hidden.add(label);
        this.update();
        return isShown;
      },
      show: (name, on) => {
        this.#shown[name] = on;
        this.update();
      },
      tell: (label) => {
        this.#model.told = label;
        this.#reread();
        this.update();
      },
      slide: (j, value) => this.goTo(this.z.with(j, value)),
      toPrior: () => this.goTo(new Float32Array(this.z.length)),
      surprise: () => this.goTo(normal(this.z.length)),
      toExample: (i) => {
        this.#choose(i);
        this.#goToExample(i);
      },
    };
  }

  #look() {
    const { across, up } = this.#parts;
    this.#plane.lookAt(axesOf(this.#directions[across.value], this.#directions[up.value]));
    this.update();
  }

  #listen() {
    const { plane } = this.#parts;
    /** Where the pointer went down, as long as it has not been dragged; null while it drags. */
    let down = undefined;
    const move = (place) => {
      this.goTo(this.#plane.axes.moved(this.z, place));
      if (this.#path.isDrawn) this.#path.add();
    };
    const exampleAt = (place) =>
      this.#shown.examples ? this.#plane.nearest(place, this.#hidden, NEAR) : undefined;
    plane.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      plane.setPointerCapture(event.pointerId);
      down = [event.clientX, event.clientY];
      this.#path.halt();
      if (this.#path.isDrawn) this.#path.begin();
      const place = this.#plane.from(event);
      const hit = this.#path.isDrawn ? undefined : exampleAt(place);
      if (hit === undefined) return move(place);
      this.#choose(hit);
      this.#goToExample(hit);
    });
    plane.addEventListener("pointermove", (event) => {
      const place = this.#plane.from(event);
      if (down === undefined) {
        const hit = event.pointerType === "mouse" ? exampleAt(place) : undefined;
        if (hit !== undefined && hit !== this.#example) this.#choose(hit);
        return;
      }
      if (down && Math.hypot(event.clientX - down[0], event.clientY - down[1]) < STILL) return;
      down = null;
      move(place);
    });
    for (const name of ["pointerup", "pointercancel"]) {
      plane.addEventListener(name, () => {
        down = undefined;
        this.#path.end();
      });
    }
    plane.addEventListener("keydown", (event) => {
      const [x, y] = this.#plane.axes.project(this.z), step = event.shiftKey ? 0.5 : 0.1;
      const to = {
        ArrowLeft: [x - step, y],
        ArrowRight: [x + step, y],
        ArrowUp: [x, y + step],
        ArrowDown: [x, y - step],
      }[event.key];
      if (to) this.goTo(this.#plane.axes.moved(this.z, to));
      else if (event.key === "Home") this.#actions().toPrior();
      else if (event.key === "Enter") {
        const nearest = this.#plane.nearest([x, y], this.#hidden);
        if (nearest !== undefined) this.#actions().toExample(nearest);
      } else return;
      event.preventDefault();
    });
  }

  /** Looks at a test example: itself, its reconstruction and its loss. @param {number | undefined} i */
  #choose(i) {
    if (i === undefined) return;
    this.#example = i;
    const { test, classes, nouns } = this.#data;
    const { example, again, about, number } = this.#parts;
    this.#view.paint(example, test.values(i));
    this.#view.paint(again, this.#model.decode(test.mean(i), test.labels[i]));
    const { reconstruction, kl } = test.loss(i);
    const ofClass = classes.length > 1 ? `, class ${classes[test.labels[i]]},` : "";
    about.textContent = `Test ${nouns.one} ${test.indices[i].toLocaleString("en")}${ofClass} and its ` +
      `reconstruction: ${(reconstruction + kl).toFixed(1)} nats = ${reconstruction.toFixed(1)} + KL ${
        kl.toFixed(1)
      }`;
    number.value = String(i + 1);
    this.update();
  }

  #show() {
    const { sliders, decoded, where } = this.#parts, { z } = this;
    const begin = performance.now();
    this.#view.paint(decoded, this.#model.decode(z));
    const milliseconds = performance.now() - begin;
    this.#plane.draw({
      z,
      path: this.#path.points,
      hidden: this.#hidden,
      show: this.#shown,
      example: this.#example,
      posterior: this.#posterior,
    });
    sliders.forEach(({ input, output }, j) => {
      if (document.activeElement !== input) input.value = String(z[j]);
      output.textContent = (Math.round(100 * z[j]) / 100 || 0).toFixed(2).replace("-", "−");
    });
    decoded.dataset.milliseconds = milliseconds.toFixed(2);
    where.textContent = `${Math.hypot(...z).toFixed(2)} from ${centreOf(this.#data)} · decoded in ${
      Math.max(1, Math.round(milliseconds))
    } ms`;
  }
}
