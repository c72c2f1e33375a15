/** What files begin with that are taken for pictures and are none that is read. */
const OTHERS: readonly (readonly [start: RegExp, what: string])[] = [
  [/^GIF8[79]a/, "a GIF"],
  [/^RIFF.{4}WEBP/s, "a WebP picture"],
  [/^BM/, "a BMP picture"],
  [/^(II\*\0|MM\0\*|II\+\0|MM\0\+)/, "a TIFF picture"],
  [/^.{4}ftyp(heic|heix|heim|mif1|msf1)/s, "a HEIC picture"],
  [/^.{4}ftypavi[fs]/s, "an AVIF picture"],
  [/^(\xff\x0a|\0\0\0\x0cJXL )/, "a JPEG XL picture"],
  [/^(\0\0\0\x0cjP {2}|\xff\x4f\xff\x51)/, "a JPEG 2000 picture"],
  [/^8BPS/, "a Photoshop document"],
  [/^\0\0[\x01\x02]\0/, "an icon of Windows"],
  [/^P[1-7]\s/, "a PNM picture"],
  [/^%PDF/, "a PDF document"],
  [/^\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?(<!DOCTYPE svg[^>]*>\s*)?<svg/is, "an SVG drawing"],
  [/^\s*<(!doctype html|html)/i, "a web page (HTML), as a download that failed leaves it"],
  [/^version https:\/\/git-lfs/, "a Git LFS pointer: fetch the file itself with git lfs pull"],
  [/^\x1f\x8b/, "a gzipped file"],
  [/^PK\x03\x04/, "a ZIP archive"],
  [/^\x93NUMPY/, "a NumPy array, which the dataset arrays reads"],
];

/** How much of a file tells what it is. */
const BYTES = 256;

/** The decoder for bytes; a sentence where there is none. */
export function sniff(bytes: Uint8Array): "png" | "jpeg" | { readonly reason: string } {
  if (bytes.length === 0) return { reason: "it is empty" };
  const start = String.fromCharCode(...bytes.subarray(0, BYTES));
  if (start.startsWith("\x89PNG")) return "png";
  if (start.startsWith("\xff\xd8")) return "jpeg";
  const what = OTHERS.find(([pattern]) => pattern.test(start))?.[1];
  return {
    reason: what
      ? `it is ${what}; PNG and JPEG are read`
      : "it is no picture that is read: neither PNG nor JPEG",
  };
}
