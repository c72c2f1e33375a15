import { decimal, type Figure, type Selection } from "./svg.ts";

/** Seconds that a frame is shown. */
const SECONDS = 0.5;
/** How many times as long the last one is. */
const HOLD = 5;

/** A sentence for a caption, wherever there are frames. */
export const STILL = "Where motion is not wanted, and on paper, the last epoch stands still.";

/**
 * Adds frames that take turns, by CSS alone, and begin again after the last one has been shown for a while. On paper,
 * and for readers who want no motion, the last one stands still. A page that wants to choose the frame sets the class
 * `held` on the drawing and `shown` on a frame; each says by `data-label` what it shows.
 *
 * @param name of the figure; its frames' style begins with it
 */
export function addFrames(
  figure: Figure,
  name: string,
  labels: readonly string[],
  draw: (frame: Selection, index: number) => void,
): void {
  const last = labels.length - 1;
  const cycle = (last + HOLD) * SECONDS;
  const percent = (seconds: number) => `${decimal(100 * seconds / cycle)}%`;
  const frame = `.${name} .frame`;
  figure.root.attr("class", `${name} frames`);
  figure.root.append("style").text(`
${frame} { visibility: hidden; animation: ${name} ${cycle}s step-end infinite; }
${frame}.last { visibility: visible; animation-name: ${name}-last; }
@keyframes ${name} { 0% { visibility: visible; } ${percent(SECONDS)}, 100% { visibility: hidden; } }
@keyframes ${name}-last {
  0% { visibility: hidden; } ${percent(last * SECONDS)}, 100% { visibility: visible; }
}
.${name}.held .frame { visibility: hidden; animation: none; }
.${name}.held .frame.shown { visibility: visible; }
@media (prefers-reduced-motion: reduce), print {
  ${frame} { animation: none; }
}
`);
  labels.forEach((label, i) => {
    const group = figure.root.append("g")
      .attr("class", i === last ? "frame last" : "frame")
      .attr("data-label", label);
    if (i < last) group.attr("style", `animation-delay: ${decimal(i * SECONDS)}s`);
    draw(group as unknown as Selection, i);
  });
}
