import { z } from "zod";
import { piecesInFolders } from "../kinds/music/pieces_in_folders.ts";
import { musicFields } from "../kinds/music/schema.ts";
import type { DatasetDefinition } from "./dataset.ts";
import { publishedSource } from "./sources/sources.ts";

/** The eight pieces that the paper trains on. */
export const bachLute = {
  schema: z.strictObject({
    name: z.literal("bach-lute"),
    source: publishedSource,
    ...musicFields,
  }).describe("Eight pieces for the lute by Bach, in two keys."),
  title: "Bach's lute music",
  nouns: { one: "piece", many: "pieces" },
  kind: "music",
  preparation: piecesInFolders({ classes: ["c-minor", "e-flat-major"] }),
  credits: {
    authors: ["Johann Sebastian Bach", "the editors of jsbach.net"],
    licence: {
      name: "The music is in the public domain; the site states no licence for its files",
      url: "http://www.jsbach.net/midi/",
    },
    url: "http://www.jsbach.net/midi/",
  },
  places: { mirrors: ["http://www.jsbach.net/midi/"] },
  contents: () => ({ files: FILES }),
} satisfies DatasetDefinition;

const FILES = [
  {
    name: "c-minor/997-1pre.mid",
    bytes: 7_275,
    sha256: "30488aa34cf8f736b57294ec2f726c2537eb83e99cd3005fdb941f4c67694443",
  },
  {
    name: "c-minor/cs5-1pre.mid",
    bytes: 9_777,
    sha256: "752cd3779db587cf574c5c8e87c1adacd3b2be7ede3631bc7e6aa040d1332bff",
  },
  {
    name: "c-minor/cs5-2all.mid",
    bytes: 6_091,
    sha256: "f44fd249d725950449b5a8bba0808b93027bd05d6efbf1ad1b5d3614bb78b03c",
  },
  {
    name: "c-minor/cs5-5gav.mid",
    bytes: 10_660,
    sha256: "bb43d51410d79487c2cb38929be92d5f1e2764d3c092b253132cd20b44891634",
  },
  {
    name: "e-flat-major/cs4-1pre.mid",
    bytes: 6_701,
    sha256: "9ed93f845f7c01ae53d9bb988808020498d0f7ae49e1d8b8b7c745ac8774859d",
  },
  {
    name: "e-flat-major/cs4-2all.mid",
    bytes: 7_718,
    sha256: "1641600be3354d2b3b59c29295434e53185be46725641c2a4374858a7a3f100a",
  },
  {
    name: "e-flat-major/cs4-5bou.mid",
    bytes: 9_968,
    sha256: "2e9791147e54e18535200425de9424b0bf743cb444bbf4764293b5073b9c3af1",
  },
  {
    name: "e-flat-major/pfa-2fug.mid",
    bytes: 13_074,
    sha256: "b6b94c2e9e0a8be4f1457650255bf4aa3cad42a580cb5bf4353840265c0f012d",
  },
];
