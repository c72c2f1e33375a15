import { element } from "../../report/explorer/dom.js";
import { drawGraph } from "./graph.js";

const minutes = (seconds) =>
  seconds >= 90 ? `${Math.round(seconds / 60)} min left` : `${Math.round(seconds)} s left`;

/** A run that goes on: its graph, its stages in words, the loss and the log. */
export function showRun({ experiment, stages, curve, log }) {
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
  return element(
    "article",
    {},
    element("h3", {}, experiment),
    drawGraph(experiment, stages),
    element("ol", { className: "stages" }, ...steps),
    ...(curve.length > 1 ? [drawCurve(curve)] : []),
    element("pre", { tabIndex: 0, "aria-label": `Log of ${experiment}` }, log.join("\n")),
  );
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
