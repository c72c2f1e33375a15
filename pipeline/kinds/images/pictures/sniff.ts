/** What files begin with that are taken for pictures and are none that is read; `?` is any byte. */
const OTHERS: readonly (readonly [starts: readonly string[], what: string])[] = [
  [["GIF87a", "GIF89a"], "a GIF"],
  [["RIFF????WEBP"], "a WebP picture"],
  [["BM"], "a BMP picture"],
  [["II*\0", "MM\0*", "II+\0", "MM\0+"], "a TIFF picture"],
  [["????ftyphei", "????ftypmif1", "????ftypmsf1"], "a HEIC picture"],
  [["????ftypavi"], "an AVIF picture"],
  [["\xff\x0a", "\0\0\0\x0cJXL "], "a JPEG XL picture"],
  [["\0\0\0\x0cjP  ", "\xff\x4f\xff\x51"], "a JPEG 2000 picture"],
  [["8BPS"], "a Photoshop document"],
  [["\0\0\x01\0", "\0\0\x02\0"], "an icon of Windows"],
  [["P1", "P2", "P3", "P4", "P5", "P6", "P7"], "a PNM picture"],
  [["%PDF"], "a PDF document"],
  [["<svg", "<?xml"], "an SVG drawing or another XML document"],
  [["<!doctype html", "<html"], "a web page (HTML), as a download that failed leaves it"],
  [["version https://git-lfs"], "a Git LFS pointer: fetch the file itself with git lfs pull"],
  [["\x1f\x8b"], "a gzipped file"],
  [["PK\x03\x04"], "a ZIP archive"],
  [["\x93NUMPY"], "a NumPy array, which the dataset arrays reads"],
];

/** How much of a file tells what it is. */
const BYTES = 64;

/** The decoder for bytes; a sentence where there is none. */
export function sniff(bytes: Uint8Array): "png" | "jpeg" | { readonly reason: string } {
  if (bytes.length === 0) return { reason: "it is empty" };
  const start = String.fromCharCode(...bytes.subarray(0, BYTES));
  if (start.startsWith("\x89PNG")) return "png";
  if (start.startsWith("\xff\xd8")) return "jpeg";
  const text = start.trimStart().toLowerCase();
  const what = OTHERS.find(([starts]) =>
    starts.some((wanted) => matches(start, wanted) || matches(text, wanted))
  )?.[1];
  return {
    reason: what
      ? `it is ${what}; PNG and JPEG are read`
      : "it is no picture that is read: neither PNG nor JPEG",
  };
}

function matches(start: string, wanted: string): boolean {
  return start.length >= wanted.length &&
    Array.from(wanted).every((letter, i) => letter === "?" || letter === start[i]);
}
