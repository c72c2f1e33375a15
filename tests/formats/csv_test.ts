import assert from "node:assert/strict";
import fc from "fast-check";
import { UserError } from "../../pipeline/base/errors.ts";
import { decodeCsv, encodeCsv, numberColumn, textColumn } from "../../pipeline/formats/csv.ts";
import { FormatError } from "../../pipeline/formats/format_error.ts";
import { anyText } from "../support/any_text.ts";

Deno.test("csv: fields are quoted where RFC 4180 asks for it", () => {
  const text = encodeCsv({
    columns: ["name", "value"],
    rows: [["plain", 0.1], ['say "hi", twice', -0], ["two\nlines", null], ["true", true]],
  });
  assert.equal(text, 'name,value\r\nplain,0.1\r\n"say ""hi"", twice",-0\r\n"two\nlines",\r\ntrue,true\r\n');
});

Deno.test("csv: reads the examples of RFC 4180, section 2", () => {
  const table = { columns: ["aaa", "bbb", "ccc"], rows: [["zzz", "yyy", "xxx"]] };
  assert.deepEqual(decodeCsv("aaa,bbb,ccc\r\nzzz,yyy,xxx\r\n"), table);
  assert.deepEqual(decodeCsv("aaa,bbb,ccc\nzzz,yyy,xxx"), table);
  assert.deepEqual(decodeCsv('"aaa","b\r\nbb","ccc"\r\nzzz,yyy,'), {
    columns: ["aaa", "b\r\nbb", "ccc"],
    rows: [["zzz", "yyy", ""]],
  });
  assert.deepEqual(decodeCsv('"aaa","b""bb","ccc"').columns, ["aaa", 'b"bb', "ccc"]);
});

Deno.test("csv: bad text is refused with the file and the byte", () => {
  for (const [text, offset] of [["", 0], ["a,b\n1", 4], ['é,"b', 3], ['a"b', 0], ['"a"b', 0]] as const) {
    assert.throws(() => decodeCsv(text, "t.csv"), (error: unknown) => {
      assert.ok(error instanceof FormatError);
      assert.match(error.message, /^Cannot read t\.csv: /);
      assert.equal(error.offset, offset, text);
      return true;
    });
  }
});

Deno.test("csv: every text and number reads back as it was", () => {
  const row = fc.tuple(anyText(), fc.double(), fc.string());
  fc.assert(fc.property(fc.array(row), (rows) => {
    const table = decodeCsv(encodeCsv({ columns: ["text", "number", "other"], rows }));
    assert.equal(table.rows.length, rows.length);
    for (const [i, [text, number, other]] of rows.entries()) {
      assert.deepEqual([table.rows[i]![0], table.rows[i]![2]], [text, other]);
      assert.ok(Object.is(Number(table.rows[i]![1]), number));
    }
  }));
  fc.assert(fc.property(fc.array(fc.string()), (values) => {
    const rows = values.map((value) => [value]);
    assert.deepEqual(decodeCsv(encodeCsv({ columns: ["x"], rows })).rows, rows);
  }));
});

Deno.test("csv: a column comes by its name, and an empty field of it is no number, not 0", () => {
  const table = decodeCsv("epoch,loss,kl\r\n0,,1e-3\r\n1,-0.5,NaN\r\n", "metrics.csv");
  assert.deepEqual(textColumn(table, "loss"), ["", "-0.5"]);
  assert.deepEqual(numberColumn(table, "loss"), [NaN, -0.5]);
  assert.deepEqual(numberColumn(table, "kl"), [0.001, NaN]);
});

Deno.test("csv: a column that is not there, and a field that is no number, are named with the file", () => {
  const table = decodeCsv("epoch,loss\r\n0,1\r\n1,high\r\n2, \r\n");
  assert.throws(() => numberColumn(table, "los", "metrics.csv"), (error: unknown) => {
    assert.ok(error instanceof UserError);
    assert.equal(error.message, "Cannot read metrics.csv: it has no column los");
    assert.deepEqual(error.notes, ["Its columns are epoch, loss."]);
    return true;
  });
  assert.throws(
    () => numberColumn(table, "loss", "metrics.csv"),
    /^UserError: Cannot read metrics\.csv: "high" in column loss, row 2, is no number$/,
  );
  const blank = { ...table, rows: table.rows.slice(2) };
  assert.throws(() => numberColumn(blank, "loss"), /" " in column loss, row 1, is no number/);
});
