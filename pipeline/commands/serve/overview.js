import { element } from "../../report/explorer/dom.js";

/** The page over all reports: a table that is searched and sorted, and what goes on, asked for once a second. */

const ASK_MILLISECONDS = 1000;
const place = (id) => document.getElementById(id);

const nats = (value) => value === undefined || value === null ? "–" : value.toFixed(2);

/** Columns: what they are called, what they hold, and whether that is a number. */
const COLUMNS = [
  { name: "Name", of: (run) => run.name },
  { name: "Data", of: (run) => run.dataset },
  { name: "Model", of: (run) => run.model },
  { name: "Epochs", of: (run) => run.epochs, isNumber: true },
  { name: "Test loss", of: (run) => run.test?.loss, isNumber: true, shown: nats },
  { name: "Reconstruction", of: (run) => run.test?.reconstruction, isNumber: true, shown: nats },
  { name: "KL", of: (run) => run.test?.kl, isNumber: true, shown: nats },
  {
    name: "Made",
    of: (run) => run.time,
    shown: (time) => new Date(time).toLocaleString("sv-SE").slice(0, 16),
  },
];

let runs = [];
let sorted = { column: COLUMNS[7], rises: false };
/** Names of the reports that are ticked, the last two. */
let chosen = [];

function showHead() {
  const cells = COLUMNS.map((column) => {
    const isSorted = sorted.column === column;
    return element(
      "th",
      {
        scope: "col",
        className: column.isNumber ? "number" : "",
        "aria-sort": isSorted ? sorted.rises ? "ascending" : "descending" : "none",
      },
      element("button", {
        type: "button",
        onclick: () => {
          sorted = { column, rises: isSorted ? !sorted.rises : column.name !== "Made" };
          showHead();
          showRows();
          place("head").querySelectorAll("button")[COLUMNS.indexOf(column)].focus();
        },
      }, column.name),
    );
  });
  place("head").replaceChildren(
    element("th", { scope: "col" }, element("span", { className: "unseen" }, "Choose")),
    ...cells,
    element("th", { scope: "col" }, "Commands"),
  );
}

function showRows() {
  const words = place("search").value.toLowerCase().split(/\s+/), dataset = place("dataset").value;
  const shown = runs.filter((run) =>
    (dataset === "" || run.dataset === dataset) &&
    words.every((word) => `${run.name} ${run.dataset} ${run.model}`.toLowerCase().includes(word))
  );
  const { column, rises } = sorted;
  const compare = (a, b) => {
    const [p, q] = [column.of(a), column.of(b)];
    if (p === undefined || q === undefined) return (p === undefined) - (q === undefined); // last either way
    return (rises ? 1 : -1) * (column.isNumber ? p - q : String(p).localeCompare(q, "en", { numeric: true }));
  };
  shown.sort(compare);
  place("rows").replaceChildren(...shown.map(rowOf));
  place("count").textContent = shown.length === runs.length
    ? `${runs.length} reports`
    : `${shown.length} of ${runs.length} reports`;
}

const addressOf = (name) => `/reports/${name.split("/").map(encodeURIComponent).join("/")}/`;

function rowOf(run) {
  const tick = element("input", {
    type: "checkbox",
    checked: chosen.includes(run.name),
    "aria-label": `Choose ${run.name}`,
    onchange: () => {
      chosen = tick.checked ? [...chosen, run.name].slice(-2) : chosen.filter((name) => name !== run.name);
      place("beside").disabled = chosen.length < 2;
      showRows();
    },
  });
  const path = `reports/${run.name}`;
  const commands = [
    ["Run again", `deno task run ${path}/spec.json`],
    ["Sample", `deno task sample ${path}/spec.json --count 8`],
    [
      "Compare",
      chosen.length === 2
        ? `deno task compare ${chosen.map((name) => `reports/${name}`).join(" ")}`
        : `deno task compare ${path}`,
    ],
  ];
  return element(
    "tr",
    {},
    element("td", {}, tick),
    ...COLUMNS.map((column, i) => {
      const value = column.of(run), text = column.shown ? column.shown(value) : String(value ?? "–");
      return i === 0
        ? element("th", { scope: "row" }, element("a", { href: addressOf(run.name) }, text))
        : element("td", { className: column.isNumber ? "number" : "" }, text);
    }),
    element(
      "td",
      { className: "commands" },
      ...commands.map(([name, command]) =>
        element("button", { type: "button", title: command, onclick: () => copy(command) }, name)
      ),
    ),
  );
}

async function copy(command) {
  let how = "Copied";
  try {
    await navigator.clipboard.writeText(command);
  } catch {
    how = "To copy"; // a browser that does not let pages do it
  }
  place("said").replaceChildren(`${how}: `, element("code", {}, command));
}

function showBeside() {
  const frames = chosen.map((name) => element("iframe", { src: addressOf(name), title: name }));
  place("pair").querySelector(".frames").replaceChildren(...frames);
  place("pair").showModal();
}

// ------------------------------------------------------------------ what goes on

let goingOn = "";

async function ask() {
  try {
    const live = await (await fetch("/api/live")).json();
    place("live").hidden = live.length === 0;
    place("runs").replaceChildren(...live.map(showRun));
    const names = live.map(({ experiment, pid }) => `${experiment} ${pid}`).join();
    if (names !== goingOn) await load(); // something has ended, or begun
    goingOn = names;
  } catch {
    place("said").textContent = "The server has ended: start it again with deno task serve.";
  }
  setTimeout(ask, ASK_MILLISECONDS);
}

const minutes = (seconds) =>
  seconds >= 90 ? `${Math.round(seconds / 60)} min left` : `${Math.round(seconds)} s left`;

function showRun({ experiment, stages, curve, log }) {
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

async function load() {
  const { runs: found, sweeps } = await (await fetch("/api/reports")).json();
  runs = found;
  const select = place("dataset"), chosenDataset = select.value;
  const datasets = [...new Set(runs.map(({ dataset }) => dataset))].sort();
  select.replaceChildren(
    element("option", { value: "" }, "all"),
    ...datasets.map((name) => element("option", { value: name, selected: name === chosenDataset }, name)),
  );
  place("sweeps").replaceChildren(
    ...sweeps.map(({ name, title, cells, done }) =>
      element(
        "li",
        {},
        element("a", { href: addressOf(name) }, title),
        ` sweep, ${done} of ${cells} cells have a report`,
      )
    ),
  );
  showRows();
}

place("search").addEventListener("input", showRows);
place("dataset").addEventListener("change", showRows);
place("beside").addEventListener("click", showBeside);
document.querySelector(".filters").addEventListener("submit", (event) => event.preventDefault());
showHead();
await load();
void ask();
