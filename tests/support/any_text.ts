import fc from "fast-check";

/** Code points from here on are 0x800 lower as numbers without a gap for surrogates, which are no characters. */
const SURROGATES = 0xd800;
/** Names that objects have without being asked. */
const INHERITED = [
  "__proto__",
  "constructor",
  "toString",
  "valueOf",
  "hasOwnProperty",
  "length",
  "key",
  "ref",
];

/**
 * Text of any characters. In place of `fc.string({ unit: "binary" })`, which lists all million of them before it draws
 * the first: a second of each file of tests.
 */
export function anyText(length: { readonly minLength?: number; readonly maxLength?: number } = {}) {
  const { minLength = 0, maxLength = Infinity } = length;
  const character = fc.integer({ min: 0, max: 0x10ffff - 0x800 })
    .map((number) => String.fromCodePoint(number < SURROGATES ? number : number + 0x800));
  const names = INHERITED.filter((name) => minLength <= name.length && name.length <= maxLength);
  return fc.oneof(
    { weight: 20, arbitrary: fc.array(character, length).map((all) => all.join("")) },
    { weight: 1, arbitrary: fc.constantFrom(...names) },
  );
}
