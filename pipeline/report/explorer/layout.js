import { element } from "../dom.js";
import { subscript } from "./geometry.js";
import { isTold } from "./model.js";

/** What z = 0 is. @param {{ standardNormalPrior: boolean }} data */
export function centreOf({ standardNormalPrior }) {
  return standardNormalPrior ? "the prior’s mean" : "the origin";
}

/**
 * The elements of the explorer.
 *
 * @param {object} data
 * @param {string[]} directions names of what can go across and up
 * @param {object} actions what they do
 * @param {Node} path the controls of the path
 * @param {Node[]} further controls of what is decoded
 */
export function layOut(data, directions, actions, path, further) {
  const { classes, latentSize, test, colours, nouns, standardNormalPrior } = data;
  const chips = (classes.length > 1 ? classes : []).map((name, label) => {
    const [light, dark] = [colours.light, colours.dark].map((palette) => palette[label % palette.length]);
    const chip = element(
      "button",
      {
        type: "button",
        className: "chip",
        "aria-pressed": "true",
        onclick: () => chip.setAttribute("aria-pressed", String(actions.toggleClass(label))),
      },
      element("span", { className: "dot", style: `--light: ${light}; --dark: ${dark}` }),
      name,
    );
    return chip;
  });
  const plane = element("canvas", {
    tabIndex: 0,
    className: "plane",
    role: "application",
    "aria-label": "The plane of z",
    "aria-describedby": "explorer-hint",
  });
  const select = (label, chosen) =>
    element(
      "select",
      { "aria-label": label, onchange: () => actions.look() },
      ...directions.map((name, i) => element("option", { value: i, selected: i === chosen }, name)),
    );
  const [across, up] = [select("Across", 0), select("Up", 1)];
  const told = element(
    "select",
    { "aria-label": "Class that is told", onchange: () => actions.tell(Number(told.value)) },
    ...classes.map((name, label) => element("option", { value: label }, name)),
  );
  const toggle = (name) => {
    const box = element("input", {
      type: "checkbox",
      checked: true,
      onchange: () => actions.show(name, box.checked),
    });
    return element("label", {}, box, ` ${name}`);
  };
  const means = Array.from({ length: test.count }, (_, i) => test.mean(i));
  const sliders = Array.from({ length: latentSize }, (_, j) => {
    // As far as any example lies.
    const reach = means.reduce((most, mean) => {
      const distance = Math.ceil(Math.abs(mean[j]));
      return Number.isFinite(distance) ? Math.max(most, distance) : most;
    }, 4);
    const output = element("output", {});
    const input = element("input", {
      type: "range",
      min: -reach,
      max: reach,
      step: 0.05,
      "aria-label": `z ${j + 1}`,
      oninput: () => actions.slide(j, Number(input.value)),
    });
    return {
      input,
      output,
      row: element("label", { className: "slider" }, `z${subscript(j + 1)}`, input, output),
    };
  });
  const canvas = (label) => element("canvas", { className: "picture", role: "img", "aria-label": label });
  const decoded = canvas(`Decoded ${nouns.one}`);
  const [example, again] = [canvas(`Test ${nouns.one}`), canvas("Its reconstruction")];
  const [where, about] = [0, 1].map(() => element("p", { className: "readout" }));
  const number = element("input", {
    type: "number",
    min: 1,
    max: test.count,
    value: 1,
    onchange: () =>
      actions.toExample(Math.max(1, Math.min(test.count, Math.round(Number(number.value)) || 1)) - 1),
  });
  const button = (words, onclick) => element("button", { type: "button", onclick }, words);
  const whole = element(
    "div",
    { className: "explorer" },
    element(
      "div",
      { className: "explorer-left" },
      element("div", { className: "chips", role: "group", "aria-label": "Classes" }, ...chips),
      plane,
      element(
        "p",
        { className: "note", id: "explorer-hint" },
        `Drag or use the arrow keys, with Shift for larger steps; Home goes to ${
          centreOf(data)
        }, Enter to the ` +
          `nearest example. ${
            standardNormalPrior ? "The dashed circles hold half and 95 % of the prior, the" : "The"
          } shading is the aggregate posterior.`,
      ),
      element(
        "div",
        { className: "controls" },
        element("label", {}, "Across ", across),
        element("label", {}, "Up ", up),
        ...["examples", "density", ...(standardNormalPrior ? ["prior"] : [])].map(toggle),
      ),
      path,
    ),
    element(
      "div",
      { className: "explorer-right" },
      decoded,
      where,
      element(
        "div",
        { className: "controls" },
        button(`To ${centreOf(data)}`, () => actions.toPrior()),
        button("Surprise me", () => actions.surprise()),
        element("label", {}, "To example ", number),
        ...(isTold(data) ? [element("label", {}, "Class ", told)] : []),
        ...further,
      ),
      element(
        "div",
        { className: latentSize > 6 ? "sliders two" : "sliders" },
        ...sliders.map(({ row }) => row),
      ),
      element("div", { className: "pair" }, example, again),
      about,
    ),
  );
  return { whole, plane, told, across, up, sliders, decoded, example, again, where, about, number };
}
