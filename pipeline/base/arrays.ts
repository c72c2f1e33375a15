/**
 * The values of arrays one after the other, in an array of their type.
 *
 * @example
 * ```ts
 * concatenated(Uint8Array, [Uint8Array.of(1, 2), Uint8Array.of(3)]); // 1, 2, 3
 * ```
 */
export function concatenated<Values extends Uint8Array | Int16Array | Float32Array>(
  Type: new (length: number) => Values,
  parts: readonly Values[],
): Values {
  const all = new Type(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
