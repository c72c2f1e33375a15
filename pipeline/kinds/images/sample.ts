import { enlarge, mosaic, selectImages } from "../../figures/drawing/image.ts";
import { encodePng } from "../../formats/png.ts";
import type { CompiledDecoder } from "../../inference/decoder.ts";
import type { SampledFile } from "../kind.ts";

/** A picture's shorter side, in pixels. */
const PICTURE_SIDE = 224;

/** Each code as a PNG, enlarged by a whole factor. */
export function sampleFiles(decoder: CompiledDecoder, codes: Float32Array): SampledFile[][] {
  const images = decoder.decode(codes);
  const { height, width, channels, values } = images;
  const count = values.length / (height * width * channels);
  const factor = Math.max(1, Math.round(PICTURE_SIDE / Math.min(height, width)));
  return Array.from(
    { length: count },
    (_, i) => [{
      extension: "png",
      bytes: encodePng(enlarge(mosaic(selectImages(images, [i]), 1), factor)),
    }],
  );
}
