/** Keys and list positions from the root of a spec. */
export type Path = readonly (string | number)[];

/** Something wrong at one point of a spec, before its place in the text is looked up. */
export interface Problem {
  /** Where in the spec, from its root: `["model", "encoder", "units"]`. */
  readonly path: Path;
  /** One sentence without a full stop: what is wrong with which value. */
  readonly message: string;
  /** What is allowed, the nearest valid name, the next step. */
  readonly notes?: readonly string[];
  /** The problem is the key itself, not its value. */
  readonly atKey?: boolean;
}

/** Tells a value that the user wrote from a default. */
export type IsWritten = (path: Path) => boolean;

/** `model.encoder.conv[1].stride`. @param root what the whole is called */
export function pathName(path: Path, root = "the spec"): string {
  if (path.length === 0) return root;
  return path.map((part) => typeof part === "number" ? `[${part}]` : `.${part}`).join("").replace(/^\./, "");
}
