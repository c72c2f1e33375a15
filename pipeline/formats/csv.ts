import { UserError } from "../base/errors.ts";
import { FormatError } from "./format_error.ts";

/** What a field can be written from; null is an empty field. */
export type CsvValue = string | number | boolean | null;

/** A header line and rows that are as long as it. */
export interface CsvTable<Value = CsvValue> {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Value[])[];
}

/**
 * Writes RFC 4180, with a header line. Numbers are written as the shortest text that reads back as the same number;
 * null is an empty field.
 *
 * @throws {RangeError} where a row is not as long as the header
 */
export function encodeCsv({ columns, rows }: CsvTable): string {
  return [columns, ...rows].map((row, i) => {
    if (row.length !== columns.length) {
      throw new RangeError(`Cannot encode: row ${i} has ${row.length} fields, not ${columns.length}`);
    }
    // A lone empty field would make an empty line, which readers pass over.
    if (row.length === 1 && field(row[0]!) === "") return '""\r\n';
    return row.map(field).join(",") + "\r\n";
  }).join("");
}

function field(value: CsvValue): string {
  if (value === null) return "";
  const text = Object.is(value, -0) ? "-0" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Reads RFC 4180, with CRLF or LF between lines; every field is text.
 * @param file Names the text in errors.
 * @throws {FormatError} at an open or stray quotation mark, or a row of another length than the header's.
 */
export function decodeCsv(text: string, file = "the table"): CsvTable<string> {
  const rows: string[][] = [];
  let row: string[] = [];
  const token = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r\n|\n|$)/y;
  while (token.lastIndex < text.length || row.length > 0) {
    const start = token.lastIndex;
    const match = token.exec(text);
    if (!match) {
      throw new FormatError(file, byteLength(text, start), "a quotation mark or line break is out of place");
    }
    row.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
    if (match[3] === ",") continue;
    if (rows.length > 0 && row.length !== rows[0]!.length) {
      const problem = `row ${rows.length} has ${row.length} fields, not ${rows[0]!.length}`;
      throw new FormatError(file, byteLength(text, start), problem);
    }
    rows.push(row);
    row = [];
  }
  const [columns, ...rest] = rows;
  if (!columns) throw new FormatError(file, 0, "it is empty");
  return { columns, rows: rest };
}

/**
 * One column of a table that was read.
 * @throws {UserError} where there is none of that name.
 */
export function textColumn({ columns, rows }: CsvTable<string>, name: string, file = "the table"): string[] {
  const index = columns.indexOf(name);
  if (index < 0) {
    throw new UserError(`Cannot read ${file}: it has no column ${name}`, {
      notes: [`Its columns are ${columns.join(", ")}.`],
    });
  }
  return rows.map((row) => row[index]!);
}

/**
 * One column of a table that was read, as numbers. An empty field is a value that does not exist: NaN, and never 0.
 * @throws {UserError} where there is no column of that name, or a field in it is no number.
 */
export function numberColumn(table: CsvTable<string>, name: string, file = "the table"): number[] {
  return textColumn(table, name, file).map((text, row) => {
    if (text === "" || text === "NaN") return NaN;
    const value = text.trim() === "" ? NaN : Number(text);
    if (Number.isNaN(value)) {
      throw new UserError(`Cannot read ${file}: "${text}" in column ${name}, row ${row + 1}, is no number`);
    }
    return value;
  });
}

function byteLength(text: string, end: number): number {
  return new TextEncoder().encode(text.slice(0, end)).length;
}
