import { createHash } from "node:crypto";
import { canonicalJson } from "../formats/canonical_json.ts";

const HEAD = '{"sha256":"';
const MIDDLE = '","value":';
const VALUE_AT = HEAD.length + 64 + MIDDLE.length;

/** SHA-256 in lower-case hexadecimal digits. */
export function sha256(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** One line of JSON that carries its own SHA-256, so that a flipped bit anywhere in it is seen. */
export function seal(value: unknown): string {
  const text = canonicalJson(value);
  return `${HEAD}${sha256(text)}${MIDDLE}${text}}\n`;
}

/** The value of a sealed line, or undefined where it is damaged. */
export function unseal(line: string): unknown {
  if (!line.endsWith("}\n") || !line.startsWith(HEAD)) return undefined;
  const text = line.slice(VALUE_AT, -2);
  if (line.slice(0, VALUE_AT) !== `${HEAD}${sha256(text)}${MIDDLE}`) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // sealed by something else than `seal`
  }
}
