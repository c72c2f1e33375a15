/** What a dataset's part of a spec says, whatever the kind of its data. */
export interface DatasetBase {
  /** The name of its variant. */
  readonly name: string;
  /** Where its files come from. */
  readonly source: { readonly type: string };
}
