/**
 * Text of unknown origin (a file's name, a title) for a terminal, a page or a table: control characters, which a
 * terminal would act on, become escapes such as `\x1b`.
 */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
}
