/**
 * The JSON Canonicalization Scheme (RFC 8785): equal values give equal bytes, so a digest of the text is a
 * digest of the value. Keys are sorted by UTF-16 code units.
 * @throws {TypeError} for what JSON cannot hold: undefined, NaN, infinities, functions, lone surrogates.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case "number":
      if (!Number.isFinite(value)) throw new TypeError(`Cannot write ${value} as JSON`);
      return JSON.stringify(value);
    case "string":
      if (!value.isWellFormed()) throw new TypeError("Cannot write a string with a lone surrogate as JSON");
      return JSON.stringify(value);
    case "boolean":
      return String(value);
    case "object": {
      if (value === null) return "null";
      if (Array.isArray(value)) return `[${Array.from(value, canonicalJson).join(",")}]`;
      const prototype = Object.getPrototypeOf(value);
      if (prototype !== Object.prototype && prototype !== null) {
        throw new TypeError(`Cannot write a ${value.constructor?.name ?? "class instance"} as JSON`);
      }
      const record = value as Record<string, unknown>;
      let members = "";
      for (const key of Object.keys(record).sort()) {
        members += `${members && ","}${canonicalJson(key)}:${canonicalJson(record[key])}`;
      }
      return `{${members}}`;
    }
    default:
      throw new TypeError(`Cannot write ${typeof value} as JSON`);
  }
}
