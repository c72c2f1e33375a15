import { all, element } from "../dom.js";

/**
 * Lights up a group in all figures and tables while the pointer is on it in one, and makes the entries of the legend
 * switch groups on and off in all figures.
 */
export function startGroups() {
  // A drawing's own titles would open a second tip beside ours.
  for (const mark of all(".gallery .group")) {
    const title = mark.querySelector("title");
    mark.dataset.name = title.textContent;
    title.remove();
  }
  document.addEventListener(
    "pointerover",
    (event) => light(/** @type {Element} */ (event.target).closest("[data-group]")),
  );
  for (const entry of all(".legend [data-group]")) makeSwitch(entry);
}

/** The group under the pointer; all others step back. @param {Element | null} mark */
function light(mark) {
  const group = mark?.getAttribute("data-group") ?? undefined;
  document.body.classList.toggle("has-lit", group !== undefined);
  for (const lit of all("[data-group].lit")) lit.classList.remove("lit");
  if (group === undefined) return;
  for (const part of all(`[data-group="${group}"]`)) part.classList.add("lit");
}

/** @param {HTMLElement} entry */
function makeSwitch(entry) {
  const { group } = entry.dataset;
  const button = element("button", {
    type: "button",
    className: "switch",
    "aria-pressed": "true",
    onclick: () => {
      const isOff = button.getAttribute("aria-pressed") === "true";
      button.setAttribute("aria-pressed", String(!isOff));
      for (const mark of all(`.gallery [data-group="${group}"]`)) {
        mark.classList.toggle("off", isOff);
      }
    },
  }, ...entry.childNodes);
  entry.append(button);
}
