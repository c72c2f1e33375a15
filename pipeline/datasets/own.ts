import type { Credits } from "../artifacts/source_json.ts";
import type { DatasetBase } from "../kinds/dataset_base.ts";

/** A dataset whose files are the user's own, in a folder. */
export interface OwnFiles extends DatasetBase {
  readonly source: DatasetBase["source"] & { readonly path?: string };
}

/** What is known of files of the user's, where a spec says nothing of them. */
export const OWN_CREDITS: Credits = {
  authors: [],
  licence: { name: "not stated: the user's own files", url: "" },
  url: "",
};
