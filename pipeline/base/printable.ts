/**
 * Text of unknown origin (a file's name, a title, a key) for a terminal, a page or a table: a character that would
 * move the cursor, break the line, turn the direction of writing or not be seen becomes its escape: `\x1b`, `\u{202e}`.
 */
export function printable(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0)!.toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, "0")}` : `\\u{${code}}`;
  });
}
