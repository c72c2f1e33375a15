import { chooseMeans } from "../../inference/step_means.ts";
import { walkedFile } from "../../report/explorer/apng.js";
import { drawingPad } from "./pad.js";

/** The shorter side of a saved picture, in pixels. */
const SAVED_SIDE = 224;
const [FRAMES, FRAME_MILLISECONDS] = [48, 60];

/**
 * How pictures are shown in the explorer.
 * @param {{ shape: number[], nouns: { one: string } }} data
 * @returns {import("../../report/explorer/explorer.js").View}
 */
export function imageView({ shape: [height, width, channels = 1], nouns }) {
  const pixels = (values) => {
    const picture = new ImageData(width, height);
    for (let i = 0; i < width * height; i++) {
      for (let c = 0; c < 3; c++) {
        picture.data[4 * i + c] = 255 * values[channels === 1 ? i : i * channels + Math.min(c, channels - 1)];
      }
      picture.data[4 * i + 3] = 255;
    }
    return picture;
  };
  const paint = (canvas, values) => {
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    canvas.getContext("2d").putImageData(pixels(values), 0, 0);
  };
  return {
    choose: chooseMeans,
    paint,
    settle: (means) => means,
    files: [{
      label: "Save as APNG",
      frames: FRAMES,
      make(decoded) {
        const factor = Math.max(1, Math.round(SAVED_SIDE / Math.min(width, height)));
        return walkedFile(decoded.map((values) => enlarged(pixels(values), factor)), FRAME_MILLISECONDS);
      },
    }],
    // What is drawn with one finger has one channel.
    pad: channels === 1
      ? {
        title: `Draw a ${nouns.one}`,
        hint: "The encoder reads along. Hide a part, and the model fills it in from the rest.",
        open: (changed) => drawingPad([height, width], paint, changed),
      }
      : undefined,
  };
}

/** Every pixel `factor` times as wide and high. */
function enlarged({ width, height, data }, factor) {
  const large = new ImageData(width * factor, height * factor);
  const [from, to] = [new Uint32Array(data.buffer), new Uint32Array(large.data.buffer)];
  for (let y = 0; y < large.height; y++) {
    for (let x = 0; x < large.width; x++) {
      to[y * large.width + x] = from[Math.floor(y / factor) * width + Math.floor(x / factor)];
    }
  }
  return large;
}
