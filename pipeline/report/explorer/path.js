import { element, isCalm, save } from "../dom.js";
import { along } from "./geometry.js";

/** How long a path is walked, in milliseconds, and in how many strides where nothing is to move smoothly. */
const [WALK, STRIDES] = [6000, 8];

/** A path through z: drawn or built of single points, walked, and saved. */
export class Path {
  /** @type {Float32Array[]} */
  points = [];
  #explorer;
  #walking = false;
  #draw;
  #play;
  #loop;
  /** @type {HTMLButtonElement[]} */
  #saves;

  /**
   * @param {{ z: Float32Array, goTo: (z: ArrayLike<number>) => void, update: () => void,
   *   decode: (z: Float32Array) => Float32Array, drawing: (on: boolean) => void }} explorer
   * @param {import("./explorer.js").View["files"]} files
   */
  constructor(explorer, files) {
    this.#explorer = explorer;
    this.#draw = element("button", {
      type: "button",
      "aria-pressed": "false",
      onclick: () => this.#setDrawing(!this.isDrawn),
    }, "Draw a path");
    this.#play = element("button", {
      type: "button",
      onclick: () => this.#walking ? this.halt() : this.#walk(),
    }, "Play");
    this.#loop = element("input", { type: "checkbox", checked: true });
    this.#saves = files.map((file) =>
      element("button", { type: "button", onclick: () => this.#write(file) }, file.label)
    );
    this.node = element(
      "div",
      { className: "controls", role: "group", "aria-label": "Path" },
      this.#draw,
      element("button", { type: "button", onclick: () => this.add() }, "Add this point"),
      this.#play,
      element("label", {}, this.#loop, " loop"),
      ...this.#saves,
      element("button", { type: "button", onclick: () => this.clear() }, "Clear"),
    );
    this.#refresh();
  }

  /** Whether the pointer draws. */
  get isDrawn() {
    return this.#draw.getAttribute("aria-pressed") === "true";
  }

  /** Adds where the explorer is. */
  add() {
    this.points.push(this.#explorer.z);
    this.#refresh();
  }

  /** Begins a stroke of the pointer. */
  begin() {
    this.points = [];
  }

  /** Ends it. */
  end() {
    if (this.isDrawn && this.points.length > 1) this.#setDrawing(false);
  }

  clear() {
    this.halt();
    this.points = [];
    this.#refresh();
  }

  halt() {
    this.#walking = false;
    this.#play.textContent = "Play";
  }

  #setDrawing(on) {
    this.#draw.setAttribute("aria-pressed", String(on));
    this.#explorer.drawing(on);
  }

  #refresh() {
    for (const button of [this.#play, ...this.#saves]) button.disabled = this.points.length < 2;
    this.#explorer.update();
  }

  #walk() {
    this.#walking = true;
    this.#play.textContent = "Pause";
    const begin = performance.now();
    const move = (now) => {
      if (!this.#walking) return;
      const walked = Math.max(0, now - begin) / WALK, loops = this.#loop.checked;
      const share = isCalm() ? Math.floor(walked * STRIDES) / STRIDES : walked;
      // There and back, so that the end meets the start.
      this.#explorer.goTo(along(this.points, loops ? 1 - Math.abs(1 - share % 2) : Math.min(1, share)));
      if (share < 1 || loops) requestAnimationFrame(move);
      else this.halt();
    };
    requestAnimationFrame(move);
  }

  async #write({ frames, make }) {
    const place = (i) => along(this.points, i / (frames - 1));
    const decoded = Array.from({ length: frames }, (_, i) => this.#explorer.decode(place(i)).slice());
    const [content, name, type] = await make(decoded);
    save(content, name, type);
  }
}
