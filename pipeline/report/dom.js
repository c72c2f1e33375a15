/**
 * An element with properties and children; `on...` are listeners, `data-` and `aria-` names attributes.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Readonly<Record<string, any>>} [properties]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name in made && !name.includes("-")) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/**
 * All elements that a selector finds, in the page or in a part of it.
 * @type {<Found extends Element = HTMLElement>(selector: string, root?: ParentNode) => Found[]}
 */
export const all = (selector, root = document) => /** @type {any} */ ([...root.querySelectorAll(selector)]);

/** Offers a file to the reader. @param {BlobPart} content */
export function save(content, name, type) {
  const address = URL.createObjectURL(new Blob([content], { type }));
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Calls `fn` before the next picture is shown, however often it is asked to. @param {() => void} fn */
export function oncePerFrame(fn) {
  let waits = false;
  return () => {
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => {
      waits = false;
      fn();
    });
  };
}

/** A colour of the page's style, as it is in the present theme. @param {string} name */
export const pageColour = (name) =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

export const isDark = () => matchMedia("(prefers-color-scheme: dark)").matches;

/** Whether the reader wants nothing to move smoothly. */
export const isCalm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Calls `fn` when the theme changes. @param {() => void} fn */
export function onTheme(fn) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", fn);
}
