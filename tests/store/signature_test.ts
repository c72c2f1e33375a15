import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { RemoteCache } from "../../pipeline/store/remote.ts";
import { seal } from "../../pipeline/store/sealed.ts";
import {
  ed25519Signatures,
  hmacSignatures,
  privateKey,
  publicHalf,
  publicKey,
  signed,
  splitSigned,
} from "../../pipeline/store/signature.ts";
import { Store } from "../../pipeline/store/store.ts";
import { CacheServer } from "./cache_server.ts";
import { KEY, MAKE, putResult } from "./result.ts";
import { temporaryFolder } from "./temporary.ts";

const NEVER = new AbortController().signal;

/** The first test vector of RFC 8032, 7.1: the seed of a private key and its public key. */
const RFC_8032 = {
  seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
  public: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
};

function hex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g)!, (pair) => parseInt(pair, 16));
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function newKey() {
  const { privateKey: own } = generateKeyPairSync("ed25519");
  return { own, trusted: publicKey(publicHalf(own as never))! };
}

Deno.test("a private key in PKCS 8 has the public half that RFC 8032 says, and other keys are none", () => {
  const der = base64(hex("302e020100300506032b657004220420" + RFC_8032.seed));
  const key = privateKey(der)!;
  assert.equal(publicHalf(key), base64(hex(RFC_8032.public)));
  const pem = `-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----\n`;
  assert.equal(publicHalf(privateKey(pem)!), publicHalf(key));
  for (const text of ["", "secret", der.slice(4), "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----"]) {
    assert.equal(privateKey(text), undefined);
    assert.equal(publicKey(text), undefined);
  }
});

Deno.test("a signature is of one text under one key, and a text without one says so", () => {
  const { own, trusted } = newKey();
  for (
    const signatures of [
      hmacSignatures("a secret of some length"),
      ed25519Signatures([trusted], own as never),
    ]
  ) {
    const text = seal({ a: 1 });
    const { text: same, signature } = splitSigned(signed(text, signatures))!;
    assert.equal(same, text);
    assert(signatures.verifies(text, signature!));
    assert(!signatures.verifies(seal({ a: 2 }), signature!));
    for (
      const wrong of [
        "",
        "AAAA",
        signature!.replace(/./, (c) => c === "A" ? "B" : "A"),
        signature!.slice(4),
      ]
    ) {
      assert(!signatures.verifies(text, wrong), wrong);
    }
    assert.deepEqual(splitSigned(text), { text });
    for (const more of ["x", "{}\n", '{"signature":"<>"}\n', `{"signature":"${signature}"}\n\n`]) {
      assert.equal(splitSigned(text + more), undefined);
    }
  }
  const other = hmacSignatures("another secret, as long");
  assert(!other.verifies("x", hmacSignatures("a secret of some length").sign!("x")));
});

Deno.test("with a key only what it signed is taken: nothing unsigned, forged, of another key or of another record", async () => {
  await using folder = await temporaryFolder();
  await using server = new CacheServer();
  const [ours, theirs] = [newKey(), newKey()];
  const open = (signatures?: ReturnType<typeof hmacSignatures>) =>
    new RemoteCache({ url: server.url, readOnly: false, patienceMs: 5000, signatures });
  const main = ed25519Signatures([ours.trusted], ours.own as never);
  const reader = ed25519Signatures([theirs.trusted, ours.trusted], undefined);
  using origin = await Store.open(`${folder.path}/origin`);
  const record = await putResult(origin, KEY, { "a.txt": "abc" });
  const send = async (signatures?: ReturnType<typeof hmacSignatures>) => {
    const remote = open(signatures);
    remote.offer(record, origin);
    assert.deepEqual(await remote.finish(NEVER), []);
  };
  using store = await Store.open(`${folder.path}/other`);
  const problem = async (signatures?: ReturnType<typeof hmacSignatures>) => {
    const { record: found, problem } = await open(signatures).fetch(KEY, MAKE, store, NEVER);
    if (found) Deno.removeSync(store.recordPath(KEY));
    return problem;
  };

  await send();
  assert.match((await problem(reader))!, /its record is not signed$/);
  await send(ed25519Signatures([theirs.trusted], theirs.own as never));
  assert.match((await problem(main))!, /signed by no key that is trusted/);
  assert.equal(await problem(reader), undefined);
  await send(hmacSignatures("a secret of some length"));
  assert.match((await problem(reader))!, /signed by no key that is trusted/);
  await send(main);
  assert.equal(await problem(reader), undefined);
  assert.equal(await problem(main), undefined);
  assert.equal(await problem(), undefined, "who asks for no signature takes signed records, too");

  const text = new TextDecoder().decode(server.files.get(`ac/${KEY}`));
  const lie = seal({ ...record, seconds: 2 }) + text.slice(text.indexOf("\n") + 1);
  server.files.set(`ac/${KEY}`, new TextEncoder().encode(lie));
  assert.match((await problem(reader))!, /signed by no key that is trusted/);
});
