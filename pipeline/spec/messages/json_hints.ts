/** What stands at a place where JSON cannot go on, and what to do about it. */
export interface Unexpected {
  readonly what: string;
  readonly hint: readonly string[];
}

/** Habits from other languages, by what the text goes on with where JSON cannot. */
const HABITS: readonly (readonly [RegExp, what: string, hint: string])[] = [
  [/^(\/\/|\/\*|#)/, "a comment", 'JSON has no comments: what is to be said goes into "description".'],
  [/^[+-]?(NaN|nan|Infinity|inf)\b/, "$&", "JSON has no NaN and no infinity: write a number."],
  [/^(True|TRUE)\b/, '"$&"', "Write true, in small letters."],
  [/^(False|FALSE)\b/, '"$&"', "Write false, in small letters."],
  [/^(None|undefined|nil|Null|NULL)\b/, '"$&"', "Leave the key out where there is no value."],
  [/^([+.]\d|-?0\d)/, "'$&'", "A number is written as 3, -3, 0.3 or 3e-4."],
  [/^[\p{L}_$][\p{L}\p{N}_$-]*(?=\s*:)/u, '"$&"', 'Keys stand in double quotes: "$&".'],
  [/^'/, "$&$&$&", 'Text stands in double quotes: "...".'],
];

/** Digits that a number cannot go on with: a zero in front, a dot without digits behind, a base other than ten. */
const CUT_NUMBER = /(^|[^\w.])-?(\d+\.|0)$/;

/** @param offset where the parser stopped */
export function unexpectedAt(text: string, offset: number): Unexpected {
  const rest = text.slice(offset, offset + 100);
  const before = text.slice(Math.max(0, offset - 100), offset);
  for (const [pattern, what, hint] of HABITS) {
    const [found] = pattern.exec(rest) ?? [];
    if (found !== undefined) {
      return { what: what.replaceAll("$&", found), hint: [hint.replaceAll("$&", found)] };
    }
  }
  return { what: shownCharacter(rest), hint: hintFor(before, rest.slice(0, 1)) };
}

function shownCharacter(rest: string): string {
  const [word] = /^[\p{L}_$][\p{L}\p{N}_$]*/u.exec(rest.slice(0, 30)) ?? [];
  if (word !== undefined) return `"${word}"`;
  const character = String.fromCodePoint(rest.codePointAt(0) ?? 0);
  if (/^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character)) return `'${character}'`;
  return `character U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;
}

function hintFor(before: string, found: string): string[] {
  if (CUT_NUMBER.test(before)) return ["A number is written as 3, -3, 0.3 or 3e-4."];
  const trimmed = before.trimEnd();
  if (trimmed.endsWith(",") && (found === "}" || found === "]")) return ["Remove the comma before it."];
  if (/[:[,]$/.test(trimmed) && /\p{L}/u.test(found)) return ['Text stands in double quotes: "...".'];
  if (trimmed !== "" && found === '"') return ["Is a comma missing before it?"];
  return [];
}
