// What drawings on canvas share.
"use strict";

/** A colour of the page, in the theme that it is shown in. @param {string} name */
// deno-lint-ignore no-unused-vars -- the page's scripts stand in one, one after the other
function pageColour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/**
 * Gives a canvas its size, which empties it.
 * @type {(canvas: HTMLCanvasElement, width: number, height: number) => void}
 */
// deno-lint-ignore no-unused-vars -- the page's scripts stand in one, one after the other
function sizeCanvas(canvas, width, height) {
  canvas.style.height = `${height}px`;
  [canvas.width, canvas.height] = [width, height].map((side) => Math.round(side * devicePixelRatio));
}

/** An empty canvas to draw on, in pixels of the page. @param {HTMLCanvasElement} canvas */
// deno-lint-ignore no-unused-vars -- the page's scripts stand in one, one after the other
function emptied(canvas) {
  const context = canvas.getContext("2d");
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.scale(devicePixelRatio, devicePixelRatio);
  context.font = "11px Helvetica, Arial, sans-serif";
  return context;
}
