import { FormatError } from "../../../formats/format_error.ts";
import { decodeJpeg } from "../../../formats/jpeg.ts";
import { decodePng } from "../../../formats/png.ts";
import { fitPicture, type PictureFormat } from "./fit.ts";
import { sniff } from "./sniff.ts";

/** A picture as an example, or why none can be made of it. */
export type DecodedPicture = { readonly example: Uint8Array } | { readonly reason: string };

/** Reads the bytes of a file, whatever its name says, and fits the picture to the format. */
export function decodePicture(bytes: Uint8Array, format: PictureFormat): DecodedPicture {
  const kind = sniff(bytes);
  if (typeof kind === "object") return kind;
  try {
    const picture = kind === "png" ? decodePng(bytes) : decodeJpeg(bytes);
    return { example: fitPicture(picture, format) };
  } catch (error) {
    if (error instanceof FormatError) return { reason: error.problem };
    throw error;
  }
}
