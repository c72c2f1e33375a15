import { all, element, save } from "../dom.js";
import { linkDimensions } from "./links.js";
import { print } from "./print.js";
import { makeSwitches } from "./switches.js";
import { showValues } from "./values.js";
import { enlarge } from "./zoom.js";

/**
 * Widths of figures on paper, in centimetres: a column of two, and the whole page.
 * @type {[words: string, width: number][]}
 */
const WIDTHS = [["one column", 8.4], ["two columns", 17.4]];
const DOTS_PER_INCH = 300;

/**
 * Gives every figure of the page its tools: pictures at paper sizes, its caption and a LaTeX snippet, enlargement. What
 * moves has buttons of its own.
 */
export function startFigures(selector = ".gallery > figure") {
  linkDimensions();
  for (const figure of all(selector)) {
    /** @type {SVGSVGElement[]} */
    const drawings = all(":scope > svg:not(.frames)", figure);
    if (drawings.length === 0) continue;
    makeSwitches(drawings);
    showValues(drawings);
    const name = figure.id.replace("figure-", "");
    const caption = figure.querySelector("figcaption > p").textContent.replace(/^Figure \d+\. /, "");
    const said = element("output", { className: "said" });
    const button = (words, onclick) => element("button", { type: "button", onclick }, words);
    const tools = element(
      "details",
      { className: "tools" },
      element("summary", {}, "For a paper"),
      ...WIDTHS.map(([words, width]) =>
        button(
          `PNG, ${words}`,
          async () => save(await picture(drawings, width), `${name}-${width}cm.png`, "image/png"),
        )
      ),
      ...WIDTHS.map(([words, width]) =>
        button(`PDF, ${words}`, () => print(drawings, width, `${name}-${width}cm`))
      ),
      button("Copy caption", () => copy(caption, said)),
      button("Copy LaTeX", () => copy(snippet(name, caption), said)),
      said,
    );
    const links = figure.querySelector(".links") ?? element("div", { className: "links" });
    links.append(button("Enlarge", () => enlarge(figure, drawings)), tools);
    figure.querySelector("figcaption").append(links);
  }
}

/** Drawings one below the other as a PNG, on white and in the colours of paper. @param {SVGSVGElement[]} drawings */
async function picture(drawings, centimetres) {
  const width = Math.round(centimetres / 2.54 * DOTS_PER_INCH);
  const sizes = drawings.map((svg) => svg.viewBox.baseVal);
  const heights = sizes.map((box) => Math.round(width * box.height / box.width));
  const canvas = new OffscreenCanvas(width, heights.reduce((sum, height) => sum + height, 0));
  const context = canvas.getContext("2d");
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  let y = 0;
  for (const [i, svg] of drawings.entries()) {
    const copied = /** @type {SVGSVGElement} */ (svg.cloneNode(true));
    copied.setAttribute("width", String(width));
    copied.setAttribute("height", String(heights[i]));
    copied.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    copied.style.color = "#1c2024";
    const image = new Image();
    image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(copied))}`;
    await image.decode();
    context.drawImage(image, 0, y);
    y += heights[i];
  }
  return await canvas.convertToBlob({ type: "image/png" });
}

/** @param {string} name @param {string} caption */
function snippet(name, caption) {
  const escaped = caption.replaceAll("\\", "\\textbackslash{}").replaceAll(/[%&#_$]/g, "\\$&")
    .replaceAll("~", "\\textasciitilde{}").replaceAll("^", "\\textasciicircum{}")
    .replaceAll("−", "$-$").replaceAll("≤", "$\\leq$").replaceAll("≈", "$\\approx$");
  return [
    "\\begin{figure}",
    "  \\centering",
    `  \\includegraphics[width=\\linewidth]{figures/${name}}`,
    `  \\caption{${escaped}}`,
    `  \\label{fig:${name}}`,
    "\\end{figure}",
    "",
  ].join("\n");
}

async function copy(text, said) {
  try {
    await navigator.clipboard.writeText(text);
    said.textContent = "Copied.";
  } catch {
    // Some browsers let no page from the disk do it: the reader copies by hand.
    said.replaceChildren(
      element("textarea", { value: text, rows: 4, readOnly: true, "aria-label": "To copy" }),
    );
    said.firstChild.select();
  }
}
