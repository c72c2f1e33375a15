import { z } from "zod";
import { choralesInFiles } from "../kinds/music/chorales/chorales_in_files.ts";
import { choraleFields, type WrittenChorales } from "../kinds/music/chorales/schema.ts";
import type { DatasetDefinition } from "./dataset.ts";
import { publishedSource } from "./sources/sources.ts";

/** The pitches from the lowest note of a bass to the highest of a soprano. */
const RANGE = { lowestPitch: 36, pitches: 46 };
/** The same of the quarters, all of which are in C. */
const CHORD_RANGE = { lowestPitch: 43, pitches: 54 };
/** What is known of the quarters, however they are written. */
const QUARTERS = {
  file: "jsb-chorales-quarter.json",
  isByVoice: false,
  length: 160, // the longest piece
  transpositions: [0],
};
/** Steps of a bar in 4/4. */
const BAR = 16;

/**
 * Bach's chorales in four voices, in the parts that music models are compared on (Boulanger-Lewandowski et al., 2012),
 * as Cheng-Zhi Anna Huang published them by voice and on finer grids. Longest pieces and ranges were counted in the
 * files.
 */
export const jsbChorales = {
  schema: z.strictObject({
    name: z.literal("jsb-chorales"),
    source: publishedSource,
    ...choraleFields,
  }).describe("Bach's chorales in four voices: 229 train, 76 validate, 77 test."),
  title: "JSB chorales",
  nouns: { one: "chorale window", many: "chorale windows" },
  kind: "music",
  preparation: choralesInFiles({
    voices: {
      file: "Jsb16thSeparated.json",
      format: { stepsPerQuarter: 4, ...RANGE, articulation: true },
      isByVoice: true,
      voices: { names: ["soprano", "alto", "tenor", "bass"], ...RANGE, tellsHeld: true },
      length: 2 * BAR,
      transpositions: "keys",
    },
    chords: {
      ...QUARTERS,
      format: { stepsPerQuarter: 1, ...CHORD_RANGE, articulation: true },
      voices: { names: ["first", "second", "third", "fourth"], ...CHORD_RANGE },
    },
    roll: {
      ...QUARTERS,
      format: { stepsPerQuarter: 1, lowestPitch: 21, pitches: 88, articulation: false },
    },
  }),
  credits: {
    authors: ["Johann Sebastian Bach", "Nicolas Boulanger-Lewandowski", "Cheng-Zhi Anna Huang"],
    licence: {
      name: "The music is in the public domain; the repository states no licence for its files",
      url: "https://github.com/czhuang/JSB-Chorales-dataset",
    },
    url: "https://github.com/czhuang/JSB-Chorales-dataset",
  },
  places: {
    mirrors: [
      "https://raw.githubusercontent.com/czhuang/JSB-Chorales-dataset/9a7f733ddb4ed91f48da64ac7f0f621c34aadd4d/",
      "https://cdn.jsdelivr.net/gh/czhuang/JSB-Chorales-dataset@9a7f733ddb4ed91f48da64ac7f0f621c34aadd4d/",
    ],
  },
  contents: (dataset) => ({ files: [FILES[(dataset as WrittenChorales).representation]] }),
} satisfies DatasetDefinition;

const BY_VOICE = {
  name: "Jsb16thSeparated.json",
  bytes: 1_666_444,
  sha256: "79294cc374f9252e95ef4b703161524c1c53dc1f712c236f00f1c1f5d54af5a7",
};
const BY_QUARTER = {
  name: QUARTERS.file,
  bytes: 407_200,
  sha256: "2db9329f1881a1d3f49703ec556bf1d6f84b4f6c1d702c156536e93cf31e1c91",
};
/** The file of each representation. */
const FILES = { voices: BY_VOICE, chords: BY_QUARTER, roll: BY_QUARTER };
