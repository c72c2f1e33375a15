import { all } from "../dom.js";

/**
 * Makes each dimension's number in a chart a link to the row of pictures that shows what the dimension does, where the
 * page has that row.
 */
export function linkDimensions() {
  for (const number of all("[data-dimension]")) {
    const row = document.getElementById(`traversal-${number.dataset.dimension}`);
    if (!row) continue;
    const svg = number.closest("svg");
    svg.setAttribute("role", "group"); // a picture is one thing to a screen reader: it would hide the links
    const link = document.createElementNS(svg.namespaceURI, "a");
    link.setAttribute("href", `#${row.id}`);
    link.setAttribute("aria-label", `Dimension ${number.dataset.dimension}: its traversal`);
    number.replaceWith(link);
    link.append(number);
  }
}
