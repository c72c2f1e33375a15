/** A value that JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A number as JSON holds it. */
export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
