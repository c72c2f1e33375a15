// Sorting and filtering of tables, and one group lit up in all figures and tables. The page is whole without it.
"use strict";

/** @type {(selector: string, root?: ParentNode) => any[]} */
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

for (const table of all("table.sortable")) {
  const headings = all("thead th", table);
  const body = table.tBodies[0];
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

const filter = document.querySelector("#filter");
filter?.addEventListener("input", () => {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = new Set();
  for (const row of all("table.sortable tbody tr")) {
    row.hidden = !matches(row, words);
    if (!row.hidden) shown.add(row.dataset.group);
  }
  for (const mark of all(".gallery .group, .legend [data-group], .pictures [data-group]")) {
    mark.classList.toggle("filtered", !shown.has(mark.dataset.group));
  }
});

/**
 * Whether a row is all that was asked for. The name of an axis and the word after it ask for that value of that axis;
 * any other word for a value or for a word of the row's name.
 * @type {(row: HTMLTableRowElement, words: string[]) => boolean}
 */
function matches(row, words) {
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

// A drawing's own titles would open a second tip beside the one below.
for (const mark of all(".gallery .group")) {
  const title = mark.querySelector("title");
  mark.dataset.name = title.textContent;
  title.remove();
}

const tip = document.createElement("div");
tip.className = "tip";
tip.hidden = true;
document.body.append(tip);

/** The group under the pointer or the focus; all others step back. @param {string | undefined} group */
function light(group) {
  document.body.classList.toggle("has-lit", group !== undefined);
  for (const element of all("[data-group].lit")) element.classList.remove("lit");
  if (group === undefined) return;
  for (const element of all(`[data-group="${group}"]`)) element.classList.add("lit");
}

document.addEventListener("pointerover", (event) => {
  const mark = /** @type {Element} */ (event.target).closest("[data-group]");
  light(mark?.getAttribute("data-group") ?? undefined);
  const name = mark?.getAttribute("data-name");
  tip.hidden = !name;
  tip.textContent = name ?? "";
});
document.addEventListener("pointermove", (event) => {
  if (tip.hidden) return;
  const left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8);
  tip.style.transform = `translate(${left}px, ${event.clientY + 16}px)`;
});
