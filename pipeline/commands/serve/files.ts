const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  json: "application/json",
  csv: "text/csv; charset=utf-8",
  mid: "audio/midi",
  musicxml: "application/vnd.recordare.musicxml+xml",
};

/**
 * The file of a path below a folder; undefined where there is none. Nothing outside of the folder is reached, by `..`,
 * by links or by encodings, and nothing whose name begins with a dot.
 *
 * @param path as a URL has it
 */
export async function fileBelow(
  folder: string,
  path: string,
): Promise<{ readonly file: Deno.FsFile; readonly type: string; readonly bytes: number } | undefined> {
  let parts: string[];
  try {
    parts = decodeURIComponent(path).split("/").filter((part) => part !== "");
  } catch {
    return undefined; // no encoding of anything
  }
  if (parts.some((part) => part.startsWith(".") || /[\0\\]/.test(part))) return undefined;
  try {
    const root = await Deno.realPath(folder);
    const place = await Deno.realPath([root, ...parts].join("/"));
    if (!place.startsWith(`${root}/`) || !(await Deno.stat(place)).isFile) return undefined;
    const file = await Deno.open(place);
    const ending = place.slice(place.lastIndexOf(".") + 1);
    return { file, type: TYPES[ending] ?? "application/octet-stream", bytes: (await file.stat()).size };
  } catch {
    return undefined;
  }
}
