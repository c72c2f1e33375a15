/** What a dataset's part of a spec says, whatever the kind of its data. */
export interface DatasetBase {
  /** The name of its variant. */
  readonly name: string;
  /** Where its files come from. */
  readonly source: { readonly type: string };
}

/** What is known of a dataset before its files are read, whatever the kind of its data. */
export interface FactsBase {
  /** Names of the labels, by label; undefined where the files alone tell. */
  readonly classes?: readonly string[];
}
