import { readExplorer } from "./data.js";
import { element, oncePerFrame, onTheme, save } from "./dom.js";
import { along, axesOf, directionsOf, normal, subscript } from "./geometry.js";
import { Model } from "./model.js";
import { Plane } from "./plane.js";
import { addReader } from "./reader.js";

/**
 * What a kind of data brings.
 *
 * @typedef {object} View
 * @property {(means: Float32Array, step: number) => Float32Array} choose What an autoregressive decoder writes.
 * @property {(canvas: HTMLCanvasElement, values: Float32Array) => void} paint Shows an example, decoded or not.
 * @property {(context: object) => Node[]} [controls] More to do with what is decoded.
 * @property {{ label: string, make: (decoded: Float32Array[]) => Promise<[content: BlobPart, name: string, type: string]>,
 *   frames: number }} file The file of a path.
 * @property {import("./reader.js").Pad | undefined} pad Where readers make an example of their own.
 */

/** How long a path is walked, in milliseconds. */
const WALK = 6000;

/**
 * Fills in the section where the model answers, where the page has one.
 * @param {(data: object) => View} viewOf
 */
export async function startExplorer(viewOf) {
  const place = document.getElementById("explorer");
  const data = await readExplorer();
  if (!place || !data) return;
  new Explorer(place, data, viewOf(data)).start();
}

class Explorer {
  #data;
  #view;
  #model;
  #plane;
  #parts;
  #directions;
  #listeners = [];
  #walking = false;
  state = {
    z: new Float32Array(),
    /** @type {Float32Array[]} */
    path: [],
    hidden: new Set(),
    show: { examples: true, density: true, prior: true },
    /** @type {number | undefined} */
    example: undefined,
    posterior: undefined,
  };

  constructor(place, data, view) {
    this.#data = data;
    this.#view = view;
    this.#model = new Model(data, view.choose);
    this.#directions = directionsOf(data);
    this.state.z = new Float32Array(data.latentSize);
    this.#parts = this.#build();
    this.#plane = new Plane(this.#parts.plane, data);
    place.append(this.#parts.whole);
  }

  start() {
    this.#look();
    this.#listen();
    this.update = oncePerFrame(() => this.#show());
    onTheme(() => {
      this.#plane.recolour();
      this.update();
    });
    new ResizeObserver(this.update).observe(this.#parts.plane);
    if (this.#model.encodes && this.#view.pad) {
      addReader(this.#parts.whole, this.#data, this.#view, this.#model, {
        changed: (posterior) => {
          this.state.posterior = posterior;
          if (posterior) this.goTo(posterior.mean);
          else this.update();
        },
        example: () => this.state.example,
      });
    }
    // The example nearest to the middle shows at once what there is to see.
    this.#choose(this.#plane.nearest([0, 0], this.state.hidden));
    this.update();
  }

  /** @param {ArrayLike<number>} z */
  goTo(z) {
    this.state.z = Float32Array.from(z);
    this.update();
  }

  get decoded() {
    return this.#model.decode(this.state.z);
  }

  /** Calls `fn` whenever there is something new to show. */
  onChange(fn) {
    this.#listeners.push(fn);
  }

  #build() {
    const { classes, latentSize, test, colours, nouns } = this.#data;
    const swatches = classes.map((name, label) =>
      element(
        "button",
        { type: "button", className: "chip", "aria-pressed": "true", onclick: (event) => this.#toggle(event, label) },
        element("span", {
          className: "dot",
          style: `--light: ${colours.light[label % colours.light.length]}; --dark: ${
            colours.dark[label % colours.dark.length]
          }`,
        }),
        name,
      )
    );
    const plane = element("canvas", {
      tabIndex: 0,
      className: "plane",
      role: "application",
      "aria-label": "The plane of z",
      "aria-describedby": "explorer-hint",
    });
    const choice = (name, chosen) =>
      element(
        "label",
        {},
        `${name} `,
        element(
          "select",
          { onchange: () => this.#look() },
          ...this.#directions.map(({ name }, i) => element("option", { value: i, selected: i === chosen }, name)),
        ),
      );
    const [across, up] = [choice("Across", 0), choice("Up", 1)];
    const toggle = (name, what) =>
      element(
        "label",
        {},
        element("input", {
          type: "checkbox",
          checked: true,
          onchange: ({ target }) => {
            this.state.show[what] = target.checked;
            this.update();
          },
        }),
        ` ${name}`,
      );
    const sliders = Array.from({ length: latentSize }, (_, j) => {
      const output = element("output", {});
      const input = element("input", {
        type: "range",
        min: -4,
        max: 4,
        step: 0.05,
        "aria-label": `z ${j + 1}`,
        oninput: () => this.goTo(this.state.z.with(j, Number(input.value))),
      });
      return { input, output, row: element("label", { className: "slider" }, `z${subscript(j + 1)}`, input, output) };
    });
    const canvas = (label) => element("canvas", { className: "picture", role: "img", "aria-label": label });
    const decoded = canvas(`Decoded ${nouns.one}`);
    const [example, again] = [canvas(`Test ${nouns.one}`), canvas("Its reconstruction")];
    const [where, about] = [element("p", { className: "readout" }), element("p", { className: "readout" })];
    where.setAttribute("aria-live", "polite");
    const number = element("input", {
      type: "number",
      min: 1,
      max: test.count,
      value: 1,
      onchange: () => {
        const wanted = Math.max(1, Math.min(test.count, Math.round(Number(number.value)) || 1)) - 1;
        this.#choose(wanted);
        this.goTo(test.mean(wanted));
      },
    });
    const button = (words, onclick) => element("button", { type: "button", onclick }, words);
    const draw = element("button", {
      type: "button",
      "aria-pressed": "false",
      onclick: () => this.#setDrawing(draw.getAttribute("aria-pressed") !== "true"),
    }, "Draw a path");
    const play = element("button", { type: "button", onclick: () => this.#walking ? this.#halt() : this.#walk() }, "Play");
    const loop = element("input", { type: "checkbox", checked: true });
    const savePath = element("button", { type: "button", onclick: () => this.#save(savePath) }, this.#view.file.label);
    const whole = element(
      "div",
      { className: "explorer" },
      element(
        "div",
        { className: "explorer-left" },
        element("div", { className: "chips", role: "group", "aria-label": "Classes" }, ...swatches),
        plane,
        element(
          "p",
          { className: "note", id: "explorer-hint" },
          "Drag or use the arrow keys, with Shift for larger steps; Home goes to the prior's mean, Enter to the nearest example. " +
            "The dashed circles hold half and 95 % of the prior, the shading is the aggregate posterior.",
        ),
        element(
          "div",
          { className: "controls" },
          across,
          up,
          toggle("examples", "examples"),
          toggle("density", "density"),
          toggle("prior", "prior"),
        ),
        element(
          "div",
          { className: "controls" },
          draw,
          button("Add this point", () => this.#addPoint()),
          play,
          element("label", {}, loop, " loop"),
          savePath,
          button("Clear", () => this.#clear()),
        ),
      ),
      element(
        "div",
        { className: "explorer-right" },
        decoded,
        where,
        element(
          "div",
          { className: "controls" },
          button("To the prior's mean", () => this.goTo(new Float32Array(latentSize))),
          button("Surprise me", () => this.goTo(normal(latentSize))),
          element("label", {}, "To example ", number),
          ...(this.#view.controls?.(this) ?? []),
        ),
        element("div", { className: latentSize > 6 ? "sliders two" : "sliders" }, ...sliders.map(({ row }) => row)),
        element("div", { className: "pair" }, example, again),
        about,
      ),
    );
    return { whole, plane, across, up, sliders, decoded, example, again, where, about, number, draw, play, loop, savePath };
  }

  #look() {
    const index = (label) => Number(label.querySelector("select").value);
    const { across, up } = this.#parts;
    this.#plane.lookAt(axesOf(this.#directions[index(across)], this.#directions[index(up)]));
    this.update?.();
  }

  #toggle({ currentTarget: chip }, label) {
    const { hidden } = this.state;
    if (!hidden.delete(label)) hidden.add(label);
    chip.setAttribute("aria-pressed", String(!hidden.has(label)));
    this.update();
  }

  #listen() {
    const { plane } = this.#parts, { state } = this;
    let drags = false, start = [0, 0];
    const move = (place) => {
      this.goTo(this.#plane.axes.moved(state.z, place));
      if (this.#isDrawing) state.path.push(state.z);
    };
    plane.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      plane.setPointerCapture(event.pointerId);
      [drags, start] = [true, [event.clientX, event.clientY]];
      this.#halt();
      if (this.#isDrawing) state.path = [];
      const place = this.#plane.from(event);
      const hit = this.#isDrawing || !state.show.examples ? undefined : this.#plane.nearest(place, state.hidden, 7);
      if (hit === undefined) return move(place);
      this.#choose(hit);
      this.goTo(this.#data.test.mean(hit));
    });
    plane.addEventListener("pointermove", (event) => {
      const place = this.#plane.from(event);
      if (drags) {
        if (Math.hypot(event.clientX - start[0], event.clientY - start[1]) > 3) {
          start = [-99, -99];
          move(place);
        }
      } else if (event.pointerType === "mouse" && state.show.examples) {
        const hit = this.#plane.nearest(place, state.hidden, 7);
        if (hit !== undefined && hit !== state.example) this.#choose(hit);
      }
    });
    for (const name of ["pointerup", "pointercancel"]) {
      plane.addEventListener(name, () => {
        drags = false;
        if (this.#isDrawing && state.path.length > 1) this.#setDrawing(false);
      });
    }
    plane.addEventListener("keydown", (event) => {
      const [x, y] = this.#plane.axes.project(state.z), step = (event.shiftKey ? 0.5 : 0.1);
      const to = {
        ArrowLeft: [x - step, y],
        ArrowRight: [x + step, y],
        ArrowUp: [x, y + step],
        ArrowDown: [x, y - step],
      }[event.key];
      if (to) this.goTo(this.#plane.axes.moved(state.z, to));
      else if (event.key === "Home") this.goTo(new Float32Array(state.z.length));
      else if (event.key === "Enter") {
        const nearest = this.#plane.nearest([x, y], state.hidden);
        if (nearest === undefined) return;
        this.#choose(nearest);
        this.goTo(this.#data.test.mean(nearest));
      } else return;
      event.preventDefault();
    });
  }

  /** Looks at a test example: itself, its reconstruction and its loss. @param {number | undefined} i */
  #choose(i) {
    if (i === undefined) return;
    this.state.example = i;
    const { test, classes, nouns } = this.#data;
    const { example, again, about, number } = this.#parts;
    this.#view.paint(example, test.values(i));
    this.#view.paint(again, this.#model.decode(test.mean(i)));
    const { reconstruction, kl } = test.loss(i);
    about.textContent = `Test ${nouns.one} ${test.indices[i].toLocaleString("en")}, class ${classes[test.labels[i]]}, and ` +
      `its reconstruction: ${(reconstruction + kl).toFixed(1)} nats = ${reconstruction.toFixed(1)} + KL ${kl.toFixed(1)}`;
    number.value = i + 1;
    this.update?.();
  }

  #show() {
    const { sliders, decoded, where, play, savePath } = this.#parts, { z, path } = this.state;
    const begin = performance.now();
    const values = this.decoded;
    this.#view.paint(decoded, values);
    const milliseconds = performance.now() - begin;
    this.#plane.draw(this.state);
    sliders.forEach(({ input, output }, j) => {
      if (document.activeElement !== input) input.value = z[j];
      output.textContent = z[j].toFixed(2).replace("-", "−");
    });
    const distance = Math.hypot(...z);
    decoded.dataset.milliseconds = milliseconds.toFixed(2);
    where.textContent = `${distance.toFixed(2)} from the prior’s mean · decoded in ${Math.max(1, Math.round(milliseconds))} ms`;
    play.disabled = savePath.disabled = path.length < 2;
    for (const listener of this.#listeners) listener(values);
  }

  // ------------------------------------------------------------------ paths

  get #isDrawing() {
    return this.#parts.draw.getAttribute("aria-pressed") === "true";
  }

  #setDrawing(on) {
    this.#parts.draw.setAttribute("aria-pressed", String(on));
    this.#parts.plane.classList.toggle("drawing", on);
  }

  #addPoint() {
    this.state.path.push(this.state.z);
    this.update();
  }

  #clear() {
    this.#halt();
    this.state.path = [];
    this.state.posterior = undefined;
    this.update();
  }

  #walk() {
    this.#walking = true;
    this.#parts.play.textContent = "Pause";
    const begin = performance.now(), { path } = this.state;
    const move = (now) => {
      if (!this.#walking) return;
      const share = Math.max(0, now - begin) / WALK;
      // There and back, so that the end meets the start.
      const phase = this.#parts.loop.checked ? 1 - Math.abs(1 - share % 2) : Math.min(1, share);
      this.goTo(along(path, phase));
      if (share < 1 || this.#parts.loop.checked) requestAnimationFrame(move);
      else this.#halt();
    };
    requestAnimationFrame(move);
  }

  #halt() {
    this.#walking = false;
    this.#parts.play.textContent = "Play";
  }

  async #save(button) {
    const { path } = this.state, { frames, make } = this.#view.file;
    button.disabled = true;
    const decoded = Array.from({ length: frames }, (_, i) => this.#model.decode(along(path, i / (frames - 1))).slice());
    save(...await make(decoded));
    button.disabled = false;
  }
}
