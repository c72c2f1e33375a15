import { element } from "../dom.js";
import { withOwnIds } from "./zoom.js";

/**
 * Prints drawings one below the other on a page of their own size, in the colours of paper: by the browser's "Save as
 * PDF" that is a PDF whose lines stay lines, with the reader's fonts in it.
 *
 * @param {SVGSVGElement[]} drawings @param {number} width in centimetres @param {string} name of the file, without ending
 */
export function print(drawings, width, name) {
  const height = drawings.reduce(
    (sum, { viewBox: { baseVal } }) => sum + width * baseVal.height / baseVal.width,
    0,
  );
  // A page that is a hair too short gets a second one.
  const size = `@page { size: ${width}cm ${(height + 0.05).toFixed(3)}cm; margin: 0; }`;
  const sheet = element(
    "div",
    { className: "printed" },
    ...drawings.map((svg) => withOwnIds(svg)),
  );
  const style = element("style", {}, size);
  const { title } = document;
  document.title = name;
  document.documentElement.classList.add("prints-figure");
  document.body.append(sheet, style);
  addEventListener("afterprint", () => {
    document.title = title;
    document.documentElement.classList.remove("prints-figure");
    sheet.remove();
    style.remove();
  }, { once: true });
  globalThis.print();
}
