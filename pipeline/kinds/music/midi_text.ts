/** Hiragana or katakana in Shift_JIS: pairs of bytes that no other text of a MIDI file is likely to hold. */
const KANA = /\x82[\x9f-\xf1]|\x83[\x40-\x96]/;

/**
 * Text of a MIDI file, which does not say how it is encoded; `characters` has one for each byte. Most files of
 * today hold UTF-8, older ones Windows-1252 (Latin-1) or, in Japan, Shift_JIS. Control characters are left out.
 */
export function decodeText(characters: string): string {
  const bytes = Uint8Array.from(characters, (character) => character.charCodeAt(0));
  const text = decode(bytes, "utf-8") ?? (KANA.test(characters) ? decode(bytes, "shift_jis") : undefined) ??
    new TextDecoder("windows-1252").decode(bytes);
  return text.replaceAll(/\p{Cc}/gu, "");
}

function decode(bytes: Uint8Array<ArrayBuffer>, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Text for a MIDI file: UTF-8, one character for each byte. Programs that take it for Latin-1 show a true minus sign as
 * three letters, so it becomes a hyphen.
 */
export function encodeText(text: string): string {
  return Array.from(
    new TextEncoder().encode(text.replaceAll("\u2212", "-")),
    (byte) => String.fromCharCode(byte),
  ).join("");
}
