import assert from "node:assert/strict";
import fc from "fast-check";
import { seal, sha256, unseal } from "../../pipeline/store/sealed.ts";

Deno.test("the digest of abc is the one in FIPS 180-2", () => {
  assert.equal(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

Deno.test("a sealed value comes back, and is JSON in which its digest can be checked by other tools", () => {
  const value = { b: [1, null, "ä"], a: { c: false } };
  assert.deepEqual(unseal(seal(value)), value);
  const { sha256: digest, value: text } = JSON.parse(seal(value));
  assert.deepEqual(text, value);
  assert.equal(digest, sha256('{"a":{"c":false},"b":[1,null,"ä"]}'));
});

Deno.test("a sealed line with any one bit flipped, or cut anywhere, is refused", () => {
  fc.assert(fc.property(fc.dictionary(fc.string(), fc.integer()), fc.nat(), fc.nat(7), (value, at, bit) => {
    const bytes = new TextEncoder().encode(seal({ ...value }));
    const cut = new TextDecoder().decode(bytes.subarray(0, at % bytes.length));
    bytes[at % bytes.length]! ^= 1 << bit;
    assert.equal(unseal(new TextDecoder().decode(bytes)), undefined);
    assert.equal(unseal(cut), undefined);
  }));
});
