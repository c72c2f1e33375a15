import { Buffer } from "node:buffer";
import { decodePng } from "../../formats/png.ts";
import type { RunGroup } from "./groups.ts";

/** One kind of picture, of each group. */
export interface PictureRow {
  readonly title: string;
  readonly caption: string;
  readonly items: readonly {
    readonly group: number;
    readonly label: string;
    readonly url: string;
    readonly width: number;
    readonly height: number;
  }[];
}

const KINDS = [
  {
    file: "render/figures/prior-samples.png",
    title: "Samples from the prior",
    caption: "Decoded from z ~ N(0, I), not selected; of the first seed of each group.",
  },
  {
    file: "render/figures/reconstructions.png",
    title: "Reconstructions",
    caption: "Of the same test examples; of the first seed of each group.",
  },
] as const;

/** Each is inside the page: more groups than this would make it heavy. */
const MOST_GROUPS = 12;

export async function readPictures(groups: readonly RunGroup[]): Promise<PictureRow[]> {
  if (groups.length > MOST_GROUPS) return [];
  const rows = await Promise.all(KINDS.map(async ({ file, title, caption }) => {
    const items = await Promise.all(groups.map(async ({ label, runs }, group) => {
      for (const { outcome } of runs) {
        const png = outcome.status === "done" ? await outcome.read(file) : undefined;
        if (!png) continue;
        const { width, height } = decodePng(png, file);
        const url = `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
        return [{ group, label, url, width, height }];
      }
      return [];
    }));
    return { title, caption, items: items.flat() };
  }));
  return rows.filter(({ items }) => items.length > 0);
}
