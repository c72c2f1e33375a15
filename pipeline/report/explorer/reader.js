import { element, oncePerFrame } from "../dom.js";
import { dot } from "./geometry.js";

/**
 * Where readers make an example of their own.
 *
 * @typedef {object} Pad
 * @property {string} title
 * @property {string} hint
 * @property {(changed: () => void) => { node: Node, values: Float32Array, hidden: Uint8Array,
 *   set: (values: Float32Array) => void, clear: () => void, modes: string[], mode: (name: string) => void }} open
 */

/** How many of the nearest training examples are shown. */
const NEAREST = 5;

/**
 * Adds the part of the explorer that reads: of what is drawn it shows the posterior, the reconstruction, the nearest
 * training examples, and what a part that is hidden is completed to.
 *
 * @param {HTMLElement} place
 * @param {import("./explorer.js").View} view
 * @param {import("./model.js").Model} model
 * @param {{ changed: (posterior?: object) => void, example: () => number | undefined }} explorer
 * @returns {() => void} looks again at what is drawn
 */
export function addReader(place, data, view, model, explorer) {
  const { nouns, classes, train, test } = data;
  const pad = view.pad.open(() => update());
  const canvas = (label) => element("canvas", { className: "picture", role: "img", "aria-label": label });
  const shown = (label) => {
    const picture = canvas(label);
    return { picture, figure: element("div", { className: "shown" }, picture, element("span", {}, label)) };
  };
  const again = shown("Reconstruction"), completed = shown("Completed");
  const near = Array.from({ length: NEAREST }, () => shown(`Training ${nouns.one}`));
  const readout = element("p", { className: "readout", "aria-live": "polite" }, `Nothing is drawn yet.`);
  const neighbours = element("div", { className: "near", hidden: true }, ...near.map(({ figure }) => figure));
  const results = element("div", { className: "pair", hidden: true }, again.figure, completed.figure);
  const modes = pad.modes.map((name, i) =>
    element("button", {
      type: "button",
      "aria-pressed": String(i === 0),
      onclick: (event) => {
        pad.mode(name);
        for (const button of modes) {
          button.setAttribute("aria-pressed", String(button === event.currentTarget));
        }
      },
    }, name)
  );
  place.append(element(
    "div",
    { className: "reader" },
    element("h3", {}, view.pad.title),
    element("p", { className: "note" }, view.pad.hint),
    element(
      "div",
      { className: "explorer" },
      element(
        "div",
        { className: "explorer-left" },
        pad.node,
        element(
          "div",
          { className: "controls" },
          ...modes,
          element("button", { type: "button", onclick: () => pad.clear() }, "Clear"),
          element("button", {
            type: "button",
            onclick: () => pad.set(test.values(explorer.example() ?? 0)),
          }, `Copy the test ${nouns.one}`),
        ),
      ),
      element("div", { className: "explorer-right" }, results, readout, neighbours),
    ),
  ));

  let isEncoding = false;
  /** The means of as many training examples as are known. @type {{ means: Float32Array, count: number }} */
  let known = { means: new Float32Array(0), count: 0 };
  /** What was drawn last. @type {{ mean: Float32Array, words: string } | undefined} */
  let drawn;
  const showNearest = () => {
    const { means, count } = known, d = model.latentSize;
    neighbours.hidden = !drawn || count === 0;
    if (neighbours.hidden) return;
    const distances = Array.from({ length: count }, (_, i) => {
      const difference = means.subarray(i * d, (i + 1) * d).map((value, j) => value - drawn.mean[j]);
      return { i, distance: dot(difference, difference) };
    }).sort((p, q) => p.distance - q.distance);
    near.forEach(({ picture, figure }, rank) => {
      const found = distances[rank];
      figure.hidden = found === undefined;
      if (!found) return;
      view.paint(picture, train.values(found.i));
      figure.lastChild.textContent = classes.length > 1 ? classes[train.labels[found.i]] : "";
    });
    readout.textContent = `${drawn.words} Nearest of ${count.toLocaleString("en")} training ${nouns.many}:`;
  };
  let asked = 0;
  const update = oncePerFrame(async () => {
    const turn = ++asked, isStale = () => turn !== asked; // something else has been drawn since
    const isBlank = pad.values.every((value) => value === 0);
    if (isBlank) {
      drawn = undefined;
      results.hidden = neighbours.hidden = true;
      readout.textContent = "Nothing is drawn yet.";
      explorer.changed(undefined);
      return;
    }
    const hides = pad.hidden.some(Boolean);
    const whole = hides ? await model.complete(pad.values, pad.hidden, isStale) : pad.values;
    if (isStale()) return;
    const posterior = model.encode(whole), decoded = model.decode(posterior.mean);
    results.hidden = false;
    view.paint(again.picture, decoded);
    completed.figure.hidden = !hides;
    if (hides) {
      const settled = view.settle(decoded);
      view.paint(completed.picture, pad.values.map((value, i) => pad.hidden[i] ? settled[i] : value));
    }
    explorer.changed(posterior);
    const kl = posterior.mean.reduce((sum, m, j) => {
      const l = posterior.logVariance[j];
      return sum + (m * m + Math.exp(l) - l - 1) / 2;
    }, 0);
    const words = `The ellipse in the plane holds 95 % of its posterior, ${kl.toFixed(1)} nats from ${
      data.standardNormalPrior ? "the prior" : "N(0, I)"
    }.`;
    readout.textContent = words;
    drawn = { mean: posterior.mean, words };
    showNearest();
    if (isEncoding) return;
    isEncoding = true;
    void model.encodeAll(train, (means, count) => {
      known = { means, count };
      showNearest();
    });
  });
  return update;
}
