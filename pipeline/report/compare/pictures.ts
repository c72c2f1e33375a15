import { Buffer } from "node:buffer";
import { canonicalJson } from "../../formats/canonical_json.ts";
import { decodePng, encodePng, type Picture } from "../../formats/png.ts";
import { type ReportedSpec, withoutSource } from "../reported_spec.ts";
import type { Run, RunGroup } from "./groups.ts";

/** One kind of picture, one from each group. */
export interface SideBySide {
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

interface PictureKind {
  readonly output: string;
  readonly title: string;
  readonly caption: string;
  /** What decides which examples a picture shows. Pictures that differ in it do not stand side by side. */
  readonly subject?: (spec: ReportedSpec) => unknown;
  /** The part that is shown of the picture; all of it where it is left out. */
  readonly crop?: (picture: Picture) => Picture;
}

const PICTURE_KINDS: readonly PictureKind[] = [
  {
    output: "render/figures/prior-samples.png",
    title: "Samples from the prior",
    caption: "Decoded from z ~ p(z), not selected; of one seed of each group.",
  },
  {
    output: "render/figures/reconstructions.png",
    title: "Reconstructions",
    caption: "The same test examples in each, drawn at random, above what the model makes of them.",
    subject: ({ seed, dataset, figures: { reconstructions } }) => [
      seed,
      withoutSource(dataset),
      reconstructions,
    ],
    // The lower half are the worst of each model, which are others for each.
    crop: upperHalf,
  },
];

/** The most groups whose pictures are shown: each is inside the page, and more would make it heavy. */
const MOST_GROUPS = 12;

/** Reads the pictures that groups have of a kind, to stand side by side; none where there are too many groups. */
export async function readPictures(groups: readonly RunGroup[]): Promise<SideBySide[]> {
  if (groups.length > MOST_GROUPS) return [];
  return (await Promise.all(PICTURE_KINDS.map((kind) => rowsOf(kind, groups)))).flat();
}

/** A row of pictures for each choice of examples; as many groups as can be are in the first. */
async function rowsOf(kind: PictureKind, groups: readonly RunGroup[]): Promise<SideBySide[]> {
  const { title, caption, output, crop } = kind;
  const found: {
    readonly subject: string;
    readonly group: number;
    readonly seed: number;
    readonly png: Bytes;
  }[] = [];
  for (const [group, { runs }] of groups.entries()) {
    for (const run of runs) {
      const png = run.outcome.status === "done" ? await run.outcome.read(output) : undefined;
      if (png) found.push({ subject: subjectOf(kind, run), group, seed: run.spec.seed, png });
    }
  }
  const rows: SideBySide[] = [];
  const shown = new Set<number>();
  const bySubject = [...Map.groupBy(found, ({ subject }) => subject).values()];
  // Sorting keeps the order of equals, so that the first seed is the one that is shown.
  for (const pictures of bySubject.sort((a, b) => countGroups(b) - countGroups(a))) {
    const items = pictures.filter(({ group }) => !shown.has(group) && shown.add(group));
    if (items.length === 0) continue;
    rows.push({
      title: rows.length === 0 ? title : `${title}, other examples (seed ${items[0]!.seed})`,
      caption,
      items: items.map(({ group, png }) => {
        const whole = decodePng(png, output);
        const part = crop?.(whole);
        const { width, height } = part ?? whole;
        return {
          group,
          label: groups[group]!.label,
          url: dataUrl(part ? encodePng(part) : png),
          width,
          height,
        };
      }),
    });
  }
  return rows;
}

type Bytes = Uint8Array<ArrayBuffer>;

function countGroups(pictures: readonly { readonly group: number }[]): number {
  return new Set(pictures.map(({ group }) => group)).size;
}

function subjectOf({ subject }: PictureKind, { spec }: Run): string {
  return subject ? canonicalJson(JSON.parse(JSON.stringify(subject(spec)))) : "";
}

function upperHalf(picture: Picture): Picture {
  const { width, channels, pixels } = picture;
  const height = picture.height >> 1;
  return { width, height, channels, pixels: pixels.subarray(0, width * height * channels) };
}

function dataUrl(png: Bytes): string {
  return `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
}
