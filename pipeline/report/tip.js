import { element } from "./dom.js";

/** @type {HTMLDivElement | undefined} */
let tip;

/**
 * Tells something beside the pointer, one thing at a time on the page; nothing where there are no words.
 * @type {(words: string, pointer: { clientX: number, clientY: number }) => void}
 */
export function tell(words, { clientX, clientY }) {
  if (!tip) document.body.append(tip = element("div", { className: "tip" }));
  tip.hidden = words === "";
  if (tip.hidden) return;
  tip.textContent = words;
  const left = Math.min(clientX + 14, innerWidth - tip.offsetWidth - 8);
  tip.style.transform = `translate(${left}px, ${clientY + 16}px)`;
}

export function tellNothing() {
  if (tip) tip.hidden = true;
}
