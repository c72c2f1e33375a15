/** What drawings on canvas share. */

/**
 * Gives a canvas its size, which empties it.
 * @type {(canvas: HTMLCanvasElement, width: number, height: number) => void}
 */
export function sizeCanvas(canvas, width, height) {
  canvas.style.height = `${height}px`;
  [canvas.width, canvas.height] = [width, height].map((side) => Math.round(side * devicePixelRatio));
}

/** An empty canvas to draw on, in pixels of the page. @param {HTMLCanvasElement} canvas */
export function emptied(canvas) {
  const context = canvas.getContext("2d");
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.scale(devicePixelRatio, devicePixelRatio);
  context.font = "11px Helvetica, Arial, sans-serif";
  return context;
}
