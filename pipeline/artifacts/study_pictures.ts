import { npyArtifact } from "./artifact.ts";

/** The pictures of a study's figure, row by row: float32 [rows, images, ...shape]. @param study `completion` */
export function studyPictures(study: string) {
  return npyArtifact<Float32Array>(`evaluate/${study}.npy`, Float32Array);
}
