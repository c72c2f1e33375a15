import type { OwnPart } from "../base/own_module.ts";
import type { Shape } from "../base/shape.ts";

/** The examples that a module of the user's makes of its files. */
export interface OwnExamples {
  /**
   * [n, ...shape], the last axis fastest: bytes, of which 255 stands for 1, or numbers from 0 to 1. They are pictures
   * to everything else, whatever they were before.
   */
  readonly values: Uint8Array | Float32Array;
  /** What tells the class of each: whole numbers or text, [n]. Left out: there are no classes. */
  readonly labels?: ArrayLike<number | string>;
}

/** The files that a spec names for a module of the user's. */
export interface OwnDataFiles {
  /** As the spec lists them. */
  readonly names: readonly string[];
  /** The bytes of one. @throws {UserError} where the spec does not list it */
  read(name: string): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * A module of the user's that makes examples of files. The same files and options give the same examples.
 *
 * @example
 * ```ts
 * import type { OwnDatasetModule } from "reparam";
 *
 * // Each file is one picture, as many bytes as it has pixels.
 * export const readExamples: OwnDatasetModule["readExamples"] = async (_part, files) => {
 *   const pictures = await Promise.all(files.names.map((name) => files.read(name)));
 *   const values = new Uint8Array(pictures.reduce((sum, { length }) => sum + length, 0));
 *   let at = 0;
 *   for (const picture of pictures) {
 *     values.set(picture, at);
 *     at += picture.length;
 *   }
 *   return { values, labels: files.names };
 * };
 * ```
 */
export interface OwnDatasetModule<Options extends object = object> {
  /** Makes the examples. @param part what the spec says of them: `shape` is that of one example */
  readExamples(
    part: OwnPart<Options> & { readonly shape: Shape },
    files: OwnDataFiles,
  ): OwnExamples | Promise<OwnExamples>;
}
