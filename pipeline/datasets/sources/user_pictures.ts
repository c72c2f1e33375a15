import type { Contents } from "../../artifacts/source_json.ts";
import type { FileHasher } from "./source.ts";
import { listUserFiles, type WantedFiles } from "./user_files.ts";

const PICTURES: WantedFiles = {
  many: "pictures",
  // Formats that are not read are told by name, and not passed over.
  name:
    /\.(png|jpe?g|jpe|jfif|gif|webp|bmp|dib|tiff?|heic|heif|avif|jxl|jp2|j2k|svg|ppm|pgm|pbm|pnm|psd|ico)$/i,
  otherwise: "its name is none of a picture",
  emptyFolder: "it is a folder without pictures",
  mostFiles: 200_000,
  mostBytes: 64 * 1024 * 1024,
  loose: true,
  none: "it holds no picture",
  next: "Pictures are PNG or JPEG files, in the folder itself or in one folder for each class.",
};

/**
 * The pictures in a folder and the folders in it. They are so many that they are delivered in one file.
 *
 * @param table a file in the folder that says which picture is in which part
 * @throws {UserError} where there are none or too many
 */
export async function listPictures(
  folder: string,
  table: string | undefined,
  digests: FileHasher,
): Promise<Contents> {
  const name = table === undefined ? PICTURES.name : {
    test: (name: string) => name === table || PICTURES.name.test(name),
  };
  return { ...await listUserFiles(folder, { ...PICTURES, name }, digests), pack: "pictures.pack" };
}
