const SVG = "http://www.w3.org/2000/svg";
const [STEP, RADIUS, BASE] = [120, 11, 74];

/**
 * The graph of an experiment's stages: a node for each, in the colour of its state, and an arrow from every stage to
 * each that reads it. Stages stand in an order in which nothing reads what comes later, so arrows lead to the right.
 *
 * @param {string} experiment
 * @param {{ name: string, after: string[], state: string, words: string }[]} stages
 */
export function drawGraph(experiment, stages) {
  const svg = make("svg", { viewBox: `0 0 ${STEP * stages.length} 112`, role: "img", class: "graph" });
  const told = stages.map(({ name, state }) => `${name} ${state}`).join(", ");
  svg.setAttribute("aria-label", `Stages of ${experiment}: ${told}`);
  const x = (name) => STEP * (stages.findIndex((stage) => stage.name === name) + 0.5);
  for (const { name, after, state } of stages) {
    for (const before of after) {
      const [from, to] = [x(before) + RADIUS, x(name) - RADIUS - 4];
      // The further apart two stages are, the higher the arrow between them: it passes over those in between.
      const height = x(name) - x(before) > STEP ? 12 + (x(name) - x(before)) / 11 : 0;
      const path = `M${from},${BASE - height / 6}C${from + 20},${BASE - height} ${to - 20},${
        BASE - height
      } ${to},${BASE - height / 6}`;
      svg.append(make("path", { d: path, class: `edge ${state}` }));
      svg.append(
        make("path", { d: `M${to + 4},${BASE - height / 6}l-6,-3.5v7z`, class: `tip-of-edge ${state}` }),
      );
    }
  }
  for (const { name, state, words } of stages) {
    const node = make("g", { class: `node ${state}` });
    node.append(make("title", {}, [name, state, words].filter(Boolean).join(": ")));
    node.append(make("circle", { cx: x(name), cy: BASE, r: RADIUS }));
    node.append(make("text", { x: x(name), y: BASE + 28, "text-anchor": "middle" }, name));
    svg.append(node);
  }
  return svg;
}

function make(name, attributes, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== "") made.textContent = text;
  return made;
}
