import { all } from "../dom.js";

/**
 * Makes the entries of legends switch what they name on and off. An entry is a dot or a piece of line with a text
 * behind it; what it names has its colour, as every figure's classes and series have (`figures/drawing/theme.ts`).
 *
 * @param {SVGSVGElement[]} drawings of one figure: an entry switches in all of them
 */
export function makeSwitches(drawings) {
  const entries = drawings.flatMap((svg) => all("circle + text, line + text", svg)).flatMap(
    (text) => {
      const mark = text.previousElementSibling;
      const colour = mark.getAttribute(mark.localName === "circle" ? "fill" : "stroke");
      const isEntry = mark.localName === "circle"
        ? mark.getAttribute("r") === "4"
        : mark.getAttribute("y1") === mark.getAttribute("y2") && text.getAttribute("fill") === colour;
      return isEntry && colour?.startsWith("#") ? [{ mark, text, colour }] : [];
    },
  );
  // A picture is one thing to a screen reader; what has switches inside is a group of things.
  for (const svg of drawings) {
    if (entries.some(({ text }) => svg.contains(text))) svg.setAttribute("role", "group");
  }
  const kept = new Set(entries.flatMap(({ mark, text }) => [mark, text]));
  for (const { mark, text, colour } of entries) {
    text.setAttribute("role", "button");
    text.setAttribute("tabindex", "0");
    text.setAttribute("aria-pressed", "true");
    text.classList.add("switch");
    const toggle = () => {
      const isOn = text.getAttribute("aria-pressed") !== "true";
      for (const entry of entries.filter((each) => each.colour === colour)) {
        entry.text.setAttribute("aria-pressed", String(isOn));
      }
      for (const svg of drawings) {
        for (const shape of all(`[stroke="${colour}"], [fill="${colour}"]`, svg)) {
          if (!kept.has(shape)) shape.style.display = isOn ? "" : "none";
        }
      }
    };
    for (const part of [mark, text]) part.addEventListener("click", toggle);
    text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      toggle();
    });
  }
}
