import { type PartName, PARTS } from "../../../artifacts/dataset.ts";
import { UserError } from "../../../base/errors.ts";
import { nearest } from "../../../base/nearest.ts";
import { count, plural } from "../../../base/words.ts";
import { decodeCsv, textColumn } from "../../../formats/csv.ts";
import { UNLABELLED } from "../own/unlabelled.ts";
import type { PictureDataset } from "./schema.ts";

/** Pictures by the part that they are given for, and their classes. */
export interface Sorted {
  readonly classes: readonly string[];
  /** By picture. */
  readonly labels: Uint8Array;
  /** Places of the pictures in the list of all names. */
  readonly given: { readonly train: Uint32Array } & { readonly [Name in PartName]?: Uint32Array };
  /** How many pictures no part has. */
  readonly unused: number;
}

/** What the folders of the parts may be called. */
const FOLDERS: Readonly<Record<string, PartName>> = {
  train: "train",
  training: "train",
  val: "validation",
  valid: "validation",
  validation: "validation",
  test: "test",
  testing: "test",
};

const MOST_CLASSES = 256; // labels are bytes

/**
 * Finds out the class of each picture, and for which part it is given.
 *
 * @param names of the pictures, with their folders
 * @param table what the file of parts holds, where the parts come from one
 * @throws {UserError} where they do not lie as the spec says
 */
export function sortPictures(
  names: readonly string[],
  { method }: PictureDataset["split"],
  table?: { readonly file: string; readonly text: string },
): Sorted {
  const byFolder = method === "folders";
  if (!byFolder && looksSplit(names)) {
    throw new UserError(
      "Cannot take train and test for classes: the pictures lie in folders of these names",
      {
        notes: ["To take them as parts: --set dataset.split.method=folders"],
      },
    );
  }
  const within = byFolder ? names.map((name) => name.slice(name.indexOf("/") + 1)) : names;
  const folders = within.map((name) => name.includes("/") ? name.slice(0, name.indexOf("/")) : UNLABELLED);
  const classes = [...new Set(folders)].sort();
  if (classes.length > 1 && classes.includes(UNLABELLED) && within.some((name) => !name.includes("/"))) {
    const lone = names[within.findIndex((name) => !name.includes("/"))]!;
    throw new UserError(
      `Cannot tell the class of ${lone}: other pictures lie in the folders of their classes`,
      {
        notes: ["Put each picture in the folder of its class, or all of them in one folder."],
      },
    );
  }
  if (classes.length > MOST_CLASSES) {
    throw new UserError(
      `Cannot tell ${count(classes.length)} classes apart: at most ${MOST_CLASSES} are told`,
      {
        notes: [
          "Each folder counts as a class. To go without classes, put all pictures in one folder.",
        ],
      },
    );
  }
  const number = new Map(classes.map((name, label) => [name, label]));
  const labels = Uint8Array.from(folders, (folder) => number.get(folder)!);
  const parts = byFolder
    ? partsByFolder(names)
    : table
    ? partsByTable(names, table)
    : names.map(() => "train" as const);
  const given = Object.fromEntries(PARTS.flatMap((part) => {
    const pictures = Uint32Array.from(parts.flatMap((of, i) => of === part ? [i] : []));
    return pictures.length > 0 ? [[part, pictures]] : [];
  }));
  return {
    classes,
    labels,
    given: { train: new Uint32Array(), ...given },
    unused: parts.filter((part) => part === undefined).length,
  };
}

/** Whether the first folders are named as parts are. */
function looksSplit(names: readonly string[]): boolean {
  const first = new Set<PartName | undefined>(
    names.map((name) => FOLDERS[name.slice(0, name.indexOf("/")).toLowerCase()]),
  );
  return !first.has(undefined) && first.has("train") && first.has("test");
}

function partsByFolder(names: readonly string[]): PartName[] {
  const parts = names.map((name) => {
    const part = FOLDERS[name.slice(0, Math.max(0, name.indexOf("/"))).toLowerCase()];
    if (part) return part;
    throw new UserError(`Cannot tell the part of ${name}: it lies in no folder of a part`, {
      notes: [`The folders are ${Object.keys(FOLDERS).join(", ")}, with the folders of the classes in them.`],
    });
  });
  for (const part of ["train", "test"] as const) {
    if (parts.includes(part)) continue;
    throw new UserError(`Cannot find the ${part} part: there is no folder ${part} with pictures`, {
      notes: ["To draw the parts by the seed: --set dataset.split.method=chance"],
    });
  }
  return parts;
}

function partsByTable(
  names: readonly string[],
  { file, text }: { readonly file: string; readonly text: string },
): (PartName | undefined)[] {
  const csv = decodeCsv(text.replace(/^\ufeff/, ""), file);
  const wantedFiles = textColumn(csv, "file", file);
  const wantedParts = textColumn(csv, "part", file);
  const places = new Map(names.map((name, i) => [name, i]));
  const parts: (PartName | undefined)[] = names.map(() => undefined);
  const missing: string[] = [];
  wantedFiles.forEach((name, i) => {
    const part = FOLDERS[wantedParts[i]!.toLowerCase()];
    if (!part) {
      throw new UserError(`Cannot read ${file}: row ${i + 1} has the part "${wantedParts[i]}"`, {
        notes: ["Allowed: train, validation, test."],
      });
    }
    const place = places.get(name);
    if (place === undefined) missing.push(name);
    else parts[place] = part;
  });
  if (missing.length > 0) {
    const close = nearest(missing[0]!, names);
    throw new UserError(
      `Cannot find ${plural(missing.length, "picture")} that ${file} names: ${missing[0]} is the first`,
      {
        notes: [
          ...(close ? [`Did you mean ${close}?`] : []),
          "Paths are those below the folder of the pictures.",
        ],
      },
    );
  }
  return parts;
}
