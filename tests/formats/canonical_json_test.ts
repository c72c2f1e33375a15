import assert from "node:assert/strict";
import fc from "fast-check";
import { canonicalJson } from "../../pipeline/formats/canonical_json.ts";

Deno.test("canonical JSON: RFC 8785, section 3.2.2: literals, numbers and strings", () => {
  const value = {
    numbers: [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    literals: [null, true, false],
  };
  assert.equal(
    canonicalJson(value),
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
      '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

Deno.test("canonical JSON: RFC 8785, section 3.2.3: keys by UTF-16 code units", () => {
  const value = {
    "\u20ac": "Euro Sign",
    "\r": "Carriage Return",
    "\ufb33": "Hebrew Letter Dalet With Dagesh",
    "1": "One",
    "\ud83d\ude00": "Emoji: Grinning Face",
    "\u0080": "Control",
    "\u00f6": "Latin Small Letter O With Diaeresis",
  };
  assert.deepEqual([...canonicalJson(value).matchAll(/:"([^"]*)"/g)].map((match) => match[1]), [
    "Carriage Return",
    "One",
    "Control",
    "Latin Small Letter O With Diaeresis",
    "Euro Sign",
    "Emoji: Grinning Face",
    "Hebrew Letter Dalet With Dagesh",
  ]);
});

Deno.test("canonical JSON: RFC 8785, appendix B: numbers", () => {
  const samples: [bigint, string][] = [
    [0x0000000000000000n, "0"],
    [0x8000000000000000n, "0"],
    [0x0000000000000001n, "5e-324"],
    [0x7fefffffffffffffn, "1.7976931348623157e+308"],
    [0x4340000000000000n, "9007199254740992"],
    [0x4430000000000000n, "295147905179352830000"],
    [0x44b52d02c7e14af5n, "9.999999999999997e+22"],
    [0x444b1ae4d6e2ef50n, "1e+21"],
    [0x3eb0c6f7a0b5ed8dn, "0.000001"],
    [0x41b3de4355555557n, "333333333.33333343"],
  ];
  for (const [bits, text] of samples) {
    assert.equal(canonicalJson(new Float64Array(BigUint64Array.of(bits).buffer)[0]), text);
  }
});

Deno.test("canonical JSON: parses to the same value, whatever the order of the keys", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const plain = JSON.parse(JSON.stringify(value));
    assert.deepEqual(JSON.parse(canonicalJson(plain)), plain);
    assert.equal(canonicalJson(reversed(plain)), canonicalJson(plain));
  }));
});

function reversed(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(reversed);
  return Object.fromEntries(Object.entries(value).reverse().map(([key, item]) => [key, reversed(item)]));
}

Deno.test("canonical JSON: what JSON cannot hold is an error, not a null", () => {
  for (
    const value of [undefined, NaN, Infinity, { a: undefined }, [, 1], "\ud800", 1n, new Date(0), new Map()]
  ) {
    assert.throws(() => canonicalJson(value), TypeError);
  }
});
