import { all } from "../dom.js";

/** Makes the headings of the page's tables sort them, and the field above them filter rows, figures and pictures. */
export function startTables() {
  /** @type {HTMLTableElement[]} */
  const tables = all("table.sortable");
  tables.forEach(makeSortable);
  /** @type {HTMLInputElement | null} */
  const filter = document.querySelector("#filter");
  filter?.addEventListener("input", () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = new Set();
    /** @type {HTMLTableRowElement[]} */
    const rows = all("table.sortable tbody tr");
    for (const row of rows) {
      row.hidden = !matches(row, words);
      if (!row.hidden) shown.add(row.dataset.group);
    }
    const marks = ".gallery .group, .legend [data-group], .pictures [data-group]";
    for (const mark of all(marks)) {
      mark.classList.toggle("filtered", !shown.has(mark.dataset.group));
    }
  });
}

/** @param {HTMLTableElement} table */
function makeSortable(table) {
  const headings = all("thead th", table), body = table.tBodies[0];
  headings.forEach((heading, column) => {
    heading.querySelector("button").addEventListener("click", () => {
      const descending = heading.getAttribute("aria-sort") === "ascending";
      for (const other of headings) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
      const rows = [...body.rows].map((row) => ({ row, key: keyOf(row.cells[column]) }));
      rows.sort((a, b) => compare(a.key, b.key, descending));
      body.append(...rows.map(({ row }) => row));
    });
  });
}

/** @param {HTMLTableCellElement | undefined} cell */
function keyOf(cell) {
  return cell?.dataset.value ?? (cell?.tagName === "TH" ? cell.textContent : null) ?? null;
}

/**
 * Numbers by size, words by the alphabet; what has no value comes last either way.
 * @type {(a: string | null, b: string | null, descending: boolean) => number}
 */
function compare(a, b, descending) {
  if (a === null || b === null) return (a === null ? 1 : 0) - (b === null ? 1 : 0);
  const order = isNaN(+a) || isNaN(+b) ? a.localeCompare(b, "en", { numeric: true }) : +a - +b;
  return descending ? -order : order;
}

/**
 * Whether a row is all that was asked for. The name of an axis and the word after it ask for that value of that axis;
 * any other word for a value or for a word of the row's name.
 * @type {(row: HTMLTableRowElement, words: string[]) => boolean}
 */
function matches(row, words) {
  /** @type {[axis: string, value: string][]} */
  const places = JSON.parse(row.dataset.at.toLowerCase());
  const text = all("th, .bad", row).map((cell) => cell.textContent).join(" ").toLowerCase();
  for (let i = 0; i < words.length; i++) {
    const named = places.filter(([axis]) => axis === words[i] || axis.endsWith(`.${words[i]}`));
    if (named.length === 0) {
      if (![text, ...places.map(([, value]) => value)].some((value) => has(value, words[i]))) return false;
    } else if (++i < words.length && !named.some(([, value]) => has(value, words[i]))) return false;
  }
  return true;
}

/**
 * Whether a text has a number as a whole, or a word that begins so: 8 is not in 18, but `free` is in `free bits`.
 * @type {(text: string, word: string) => boolean}
 */
function has(text, word) {
  const parts = text.split(/[\s,;:()[\]{}"]+/);
  if (!isNaN(+word)) return parts.some((part) => part !== "" && +part === +word);
  return parts.some((part) => part.startsWith(word)) || text.startsWith(word);
}
