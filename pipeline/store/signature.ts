import { Buffer } from "node:buffer";
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
  timingSafeEqual,
  verify,
} from "node:crypto";

/** Whose records are believed, and how own ones are signed. */
export interface Signatures {
  /** The signature of a record's text in base64; undefined where there is no key to sign with. */
  readonly sign: ((text: string) => string) | undefined;
  verifies(text: string, signature: string): boolean;
}

/** What is signed begins with this, so that no signature of another program's text is one of a record. */
const PURPOSE = "reparam action record\n";
const TAIL = /^\{"signature":"([A-Za-z0-9+/=]{1,128})"\}\n$/;
/** What stands before the 32 bytes of an Ed25519 public key in DER (RFC 8410). */
const ED25519_PUBLIC = Buffer.from("302a300506032b6570032100", "hex");
const PUBLIC_KEY_BYTES = 32;

/** A record's text with its signature in a line of its own; without a line where there is nothing to sign with. */
export function signed(text: string, { sign }: Pick<Signatures, "sign">): string {
  return sign ? `${text}{"signature":"${sign(text)}"}\n` : text;
}

/** A record's text and its signature, if it has one; undefined where there is something else behind the text. */
export function splitSigned(
  text: string,
): { readonly text: string; readonly signature?: string } | undefined {
  const end = text.indexOf("\n") + 1;
  if (end === text.length) return { text };
  const [, signature] = TAIL.exec(text.slice(end)) ?? [];
  return signature === undefined ? undefined : { text: text.slice(0, end), signature };
}

/** HMAC-SHA-256: whoever may read may also sign. @param secret that all who use the cache share */
export function hmacSignatures(secret: string): Signatures {
  const digest = (text: string) => createHmac("sha256", secret).update(PURPOSE + text).digest();
  return {
    sign: (text) => digest(text).toString("base64"),
    verifies: (text, signature) => {
      const given = Buffer.from(signature, "base64");
      const right = digest(text);
      return given.length === right.length && timingSafeEqual(given, right);
    },
  };
}

/**
 * Ed25519: whoever knows the public keys may check, and only who has a private key may sign.
 * @param trusted public keys, as `publicKey` gives them
 */
export function ed25519Signatures(trusted: readonly KeyObject[], own: KeyObject | undefined): Signatures {
  return {
    sign: own && ((text) => sign(null, bytesOf(text), own).toString("base64")),
    verifies: (text, signature) => {
      const given = Buffer.from(signature, "base64");
      return trusted.some((key) => verify(null, bytesOf(text), key, given));
    },
  };
}

/** An Ed25519 public key from its 32 bytes in base64; undefined where it is none. */
export function publicKey(text: string): KeyObject | undefined {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length !== PUBLIC_KEY_BYTES) return undefined;
  try {
    return createPublicKey({ key: Buffer.concat([ED25519_PUBLIC, bytes]), format: "der", type: "spki" });
  } catch {
    return undefined; // no point of the curve
  }
}

/** An Ed25519 private key from PKCS 8, in PEM or the base64 of DER; undefined where it is none. */
export function privateKey(text: string): KeyObject | undefined {
  try {
    const key = text.includes("BEGIN")
      ? createPrivateKey(text)
      : createPrivateKey({ key: Buffer.from(text, "base64"), format: "der", type: "pkcs8" });
    return key.asymmetricKeyType === "ed25519" ? key : undefined;
  } catch {
    return undefined;
  }
}

/** The 32 bytes of the public half of a private key, in base64. */
export function publicHalf(key: KeyObject): string {
  const der = createPublicKey(key as never).export({ format: "der", type: "spki" });
  return der.subarray(-PUBLIC_KEY_BYTES).toString("base64");
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(PURPOSE + text);
}
