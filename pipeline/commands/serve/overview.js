import { element } from "../../report/dom.js";
import { showRuns } from "./live.js";

/** The page over all reports: a table that is searched and sorted, and what goes on, asked for once a second. */

const ASK_MILLISECONDS = 1000;
/** @type {(id: string) => any} */
const place = (id) => document.getElementById(id);

/**
 * @typedef {object} Column
 * @property {string} name
 * @property {string} [words] what the name stands for
 * @property {(run: any) => any} of what it holds
 * @property {(run: any) => string} [shown] how that is written
 * @property {boolean} [isNumber]
 */

/** @type {Column[]} */
const FIRST = [
  { name: "Name", of: (run) => run.name },
  { name: "Data", of: (run) => run.dataset },
  { name: "Model", of: (run) => run.model },
  { name: "Epochs", of: (run) => run.epochs, isNumber: true },
];
/** @type {Column} */
const MADE = {
  name: "Made",
  of: (run) => run.time,
  shown: (run) => new Date(run.time).toLocaleString("sv-SE").slice(0, 16),
};
/** @type {(number: { short: string, name: string }) => Column} */
const numberColumn = ({ short, name }) => ({
  name: short,
  words: name,
  of: (run) => run.numbers[short]?.value,
  shown: (run) => run.numbers[short]?.words ?? "–",
  isNumber: true,
});

let shownColumns = [...FIRST, MADE];
let runs = [];
let sorted = { column: MADE, rises: false };
/** Names of the reports that are ticked, the last two. */
let chosen = [];

function showHead() {
  const cells = shownColumns.map((column) => {
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
        title: column.words ?? "",
        onclick: () => {
          sorted = { column, rises: isSorted ? !sorted.rises : column.name !== "Made" };
          showHead();
          showRows();
          place("head").querySelectorAll("button")[shownColumns.indexOf(column)].focus();
        },
      }, column.name),
    );
  });
  place("head").replaceChildren(
    element("th", { scope: "col" }, element("span", { className: "unseen" }, "Choose")),
    cells[0],
    element("th", { scope: "col" }, "Commands"),
    ...cells.slice(1),
  );
}

function showRows() {
  const words = place("search").value.toLowerCase().split(/\s+/), dataset = place("dataset").value;
  const shown = runs.filter((run) =>
    (dataset === "" || run.dataset === dataset) &&
    isWithin(run) &&
    words.every((word) => `${run.name} ${run.dataset} ${run.model}`.toLowerCase().includes(word))
  );
  const { column, rises } = sorted;
  const compare = (a, b) => {
    const [p, q] = [column.of(a), column.of(b)];
    if (p === undefined || q === undefined) return Number(p === undefined) - Number(q === undefined); // last either way
    return (rises ? 1 : -1) * (column.isNumber ? p - q : String(p).localeCompare(q, "en", { numeric: true }));
  };
  shown.sort(compare);
  place("rows").replaceChildren(...shown.map(rowOf));
  const all = `${runs.length} report${runs.length === 1 ? "" : "s"}`;
  place("count").textContent = shown.length === runs.length ? all : `${shown.length} of ${all}`;
}

/** Whether a report's number lies between the bounds that were typed. */
function isWithin(run) {
  const [low, high] = ["low", "high"].map((id) => place(id).valueAsNumber);
  if (Number.isNaN(low) && Number.isNaN(high)) return true;
  const value = shownColumns.find(({ name }) => name === place("measure").value)?.of(run);
  return value !== undefined && !(value < low) && !(value > high);
}

/** The numbers that can be bounded. */
function showMeasures() {
  const { value } = place("measure");
  place("measure").replaceChildren(
    ...shownColumns.filter(({ isNumber }) => isNumber).map(({ name }) =>
      element("option", { value: name, selected: name === value }, name)
    ),
  );
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
  const [, ...further] = shownColumns;
  return element(
    "tr",
    {},
    element("td", {}, tick),
    element("th", { scope: "row" }, element("a", { href: addressOf(run.name) }, run.name)),
    element(
      "td",
      { className: "commands" },
      ...commands.map(([name, command]) =>
        element("button", { type: "button", title: command, onclick: () => copy(command) }, name)
      ),
    ),
    ...further.map(({ shown, of, isNumber }) =>
      element("td", { className: isNumber ? "number" : "" }, shown ? shown(run) : String(of(run) ?? "–"))
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

/**
 * What went on when it was asked last, by name: the time of the report before, and whether all is done.
 * @type {Map<string, { time: string, isDone: boolean }>}
 */
let goingOn = new Map();

/** Asks what goes on, again and again. */
async function ask() {
  try {
    const live = await (await fetch("/api/live")).json();
    place("live").hidden = live.shown.length === 0;
    showRuns(place("runs"), live);
    const names = live.shown.map(({ experiment }) => experiment);
    const made = (name) => runs.find((run) => run.experiment === name)?.time ?? "";
    if (names.some((name) => !goingOn.has(name)) || names.length < goingOn.size) { // something has begun, or ended
      await load();
      const left = [...goingOn].filter(([name, { time, isDone }]) =>
        !names.includes(name) && !isDone && made(name) === time
      );
      if (left.length > 0 && Object.keys(live.others).length === 0) {
        const ended = left.map(([name]) => name).join(", ");
        place("said").textContent =
          `Ended without a new report: ${ended}. The terminal that started it says why.`;
      }
    }
    goingOn = new Map(live.shown.map(({ experiment, stages }) => {
      const isDone = stages.every(({ state }) => state === "done" || state === "cached");
      return [experiment, { time: goingOn.get(experiment)?.time ?? made(experiment), isDone }];
    }));
  } catch {
    place("said").textContent = "The server has ended: start it again with deno task serve.";
  }
  setTimeout(ask, ASK_MILLISECONDS);
}

async function load() {
  const { columns, runs: found, sweeps, pages } = await (await fetch("/api/reports")).json();
  runs = found;
  // Only what some report has.
  shownColumns = [
    ...FIRST,
    ...columns.filter(({ short }) => runs.some(({ numbers }) => short in numbers)).map(numberColumn),
    MADE,
  ];
  sorted.column = shownColumns.find(({ name }) => name === sorted.column.name) ?? MADE;
  showHead();
  showMeasures();
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
    ...pages.map(({ name, title }) =>
      element("li", {}, element("a", { href: addressOf(name) }, title), " comparison")
    ),
  );
  showRows();
}

place("search").addEventListener("input", showRows);
for (const id of ["dataset", "measure", "low", "high"]) place(id).addEventListener("input", showRows);
place("beside").addEventListener("click", showBeside);
document.querySelector(".filters").addEventListener("submit", (event) => event.preventDefault());
showHead();
await load();
void ask();
