import { element } from "../../report/dom.js";
import { drawGraph } from "./graph.js";

const minutes = (seconds) =>
  seconds >= 90 ? `${Math.round(seconds / 60)} min left` : `${Math.round(seconds)} s left`;

/** A run that goes on: its graph, its stages in words, the loss and the log. */
class RunView {
  node = element("article");
  /** Each part, and what it was made of. */
  #parts = new Map();

  constructor({ experiment }) {
    this.node.append(element("h3", {}, experiment));
  }

  update({ experiment, stages, curve, log }) {
    this.#show(
      "graph",
      stages.map(({ state, words }) => [state, words]),
      () => drawGraph(experiment, stages),
    );
    this.#show("stages", stages, () => stageList(experiment, stages));
    if (curve.length > 1) this.#show("curve", curve, () => drawCurve(curve));
    this.#show(
      "log",
      log,
      () => element("pre", { tabIndex: 0, "aria-label": `Log of ${experiment}` }, log.join("\n")),
    );
  }

  /** What has not changed stays as it is, so that a reader can mark it and have the focus there. */
  #show(name, told, make) {
    const text = JSON.stringify(told), before = this.#parts.get(name);
    if (before?.text === text) return;
    const node = make(), hadFocus = before && before.node === document.activeElement;
    if (before) before.node.replaceWith(node);
    else if (name === "curve") this.node.lastChild.before(node);
    else this.node.append(node);
    if (hadFocus) node.focus();
    this.#parts.set(name, { text, node });
  }
}

/** @type {Map<string, RunView>} */
const views = new Map();

/** Shows the runs that go on. @param {HTMLElement} place */
export function showRuns(place, { shown, others }) {
  const ids = shown.map(({ pid, experiment }) => `${pid} ${experiment}`);
  shown.forEach((run, i) => {
    if (!views.has(ids[i])) views.set(ids[i], new RunView(run));
    views.get(ids[i]).update(run);
  });
  for (const id of views.keys()) if (!ids.includes(id)) views.delete(id);
  const nodes = ids.map((id) => views.get(id).node);
  // To move what has the focus would take it away.
  if (nodes.some((node, i) => place.children[i] !== node) || place.children.length !== nodes.length) {
    place.replaceChildren(...nodes);
  }
  const count = Object.values(others).reduce((sum, many) => sum + many, 0);
  const told = Object.entries(others).map(([state, many]) => `${many} ${WORDS[state]}`).join(", ");
  place.nextElementSibling.textContent = count > 0 ? `${count} more: ${told}.` : "";
}

/** What experiments in a state do. */
const WORDS = {
  runs: "at work",
  failed: "failed",
  queued: "in the cluster’s queue",
  waits: "waiting",
  done: "done",
};

function stageList(experiment, stages) {
  const steps = stages.map(({ name, state, words, fraction, text, secondsLeft }) =>
    element(
      "li",
      { className: state },
      element("b", {}, name),
      element("span", {}, state === "runs" ? `${Math.floor(100 * fraction)} %` : state),
      ...(state === "runs"
        ? [
          element("progress", { value: fraction, max: 1, "aria-label": `${name} of ${experiment}` }),
          element(
            "small",
            {},
            [text, secondsLeft === null ? "" : minutes(secondsLeft)].filter(Boolean).join(" · "),
          ),
        ]
        : []),
      element("small", {}, words),
    )
  );
  return element("ol", { className: "stages" }, ...steps);
}

/** The training loss by epoch, as it has come so far. @param {[epoch: number, loss: number][]} curve */
function drawCurve(curve) {
  const [width, height] = [560, 150], svg = "http://www.w3.org/2000/svg";
  // The first losses would flatten all that follow.
  const shown = curve.length > 20 ? curve.slice(Math.floor(curve.length / 20)) : curve;
  const [first, last] = [shown[0][0], shown.at(-1)[0]], losses = shown.map(([, loss]) => loss);
  const [low, high] = [Math.min(...losses), Math.max(...losses)];
  const x = (epoch) => 50 + (width - 60) * (epoch - first) / (last - first || 1);
  const y = (loss) => 12 + (height - 36) * (high - loss) / (high - low || 1);
  const drawing = document.createElementNS(svg, "svg");
  drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
  drawing.setAttribute("role", "img");
  drawing.setAttribute(
    "aria-label",
    `Training loss, ${losses.at(-1).toFixed(1)} nats at epoch ${last.toFixed(1)}`,
  );
  const add = (name, attributes, text = "") => {
    const made = document.createElementNS(svg, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.textContent = text;
    drawing.append(made);
  };
  for (const loss of [low, high]) {
    add("line", { x1: 50, x2: width - 10, y1: y(loss), y2: y(loss), class: "line" });
    add("text", { x: 44, y: y(loss) + 4, "text-anchor": "end" }, loss.toFixed(1));
  }
  add("polyline", {
    points: shown.map(([epoch, loss]) => `${x(epoch)},${y(loss)}`).join(" "),
    class: "curve",
  });
  add("text", { x: width - 10, y: height - 6, "text-anchor": "end" }, `epoch ${last.toFixed(1)}`);
  return drawing;
}
