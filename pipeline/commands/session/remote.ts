import { UserError } from "../../base/errors.ts";
import { plural } from "../../base/words.ts";
import type { RemoteCache } from "../../store/remote.ts";
import type { Signatures } from "../../store/signature.ts";
import { type Arguments, badUsage } from "../line/arguments.ts";
import type { Option } from "../line/verb.ts";

/** Options of the verbs that use a remote cache. */
export const REMOTE_OPTIONS = {
  remote: {
    type: "string",
    value: "URL",
    help: "HTTP cache to take results from and send them to. Default: $REPARAM_REMOTE",
  },
  "remote-key": {
    type: "string",
    multiple: true,
    value: "KEY",
    help:
      "Believe only results with its signature: an Ed25519 public key, or hmac. Default: $REPARAM_REMOTE_KEY",
  },
  "remote-read-only": { type: "boolean", help: "Only take results from the remote cache." },
} as const satisfies Record<string, Option>;

const PATIENCE_MS = 5000;

/**
 * The remote cache that the options or the environment name. Credentials come from the environment and are taken
 * out of it: no stage and no program that one starts can read them.
 * @throws {UserError} with exit status 2
 */
export async function openRemote(values: Arguments): Promise<RemoteCache | undefined> {
  const [token, user, password, secret] = ["TOKEN", "USER", "PASSWORD", "SECRET"].map((name) =>
    take(`REPARAM_REMOTE_${name}`)
  );
  const text = values.value("remote") ?? Deno.env.get("REPARAM_REMOTE");
  if (text === undefined || text === "") {
    if (values.has("remote-read-only")) {
      throw badUsage("Cannot use --remote-read-only: there is no remote cache", "Name it with --remote URL.");
    }
    if (values.values("remote-key").length > 0) {
      throw badUsage("Cannot use --remote-key: there is no remote cache", "Name it with --remote URL.");
    }
    return undefined;
  }
  const url = parseUrl(text);
  const authorization = authorizationOf(token, user, password);
  const { RemoteCache } = await import("../../store/remote.ts");
  const given = values.values("remote-key");
  const keys = given.length > 0
    ? given
    : (Deno.env.get("REPARAM_REMOTE_KEY") ?? "").split(/\s+/).filter(Boolean);
  const signatures = await signaturesOf(keys, secret);
  // What is not signed would be of no use to others, and could take the place of what is.
  const readOnly = values.has("remote-read-only") || (signatures !== undefined && !signatures.sign);
  return new RemoteCache({ url, authorization, readOnly, signatures, patienceMs: PATIENCE_MS });
}

/** Waits for the last uploads, and says what was not sent. */
export async function waitForUploads(remote: RemoteCache, signal: AbortSignal): Promise<void> {
  if (!signal.aborted && await remote.isBusy()) {
    console.error("Sending results to the remote cache; Ctrl-C leaves the rest for the next run");
  }
  const unsent = await remote.finish(signal);
  if (unsent.length === 0) return;
  console.error(`note: ${plural(unsent.length, "result")} could not be sent to the remote cache:`);
  for (const { stage, problem } of unsent) console.error(`  ${stage}: ${problem}`);
  console.error("  The next run with this remote cache sends what is still in the store.");
}

function take(name: string): string | undefined {
  const value = Deno.env.get(name);
  if (value !== undefined) Deno.env.delete(name);
  return value === "" ? undefined : value;
}

/** What a URL holds before its host is shown in no message: people put passwords there. */
function parseUrl(text: string): URL {
  const example = "For example --remote https://cache.example.org/reparam";
  if (!URL.canParse(text)) throw badUsage("Cannot use the remote cache: its URL is not valid", example);
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") {
    throw badUsage(
      `Cannot use the remote cache ${url.host}: its URL holds credentials, which logs would show`,
      "Give them in REPARAM_REMOTE_USER and REPARAM_REMOTE_PASSWORD, or in REPARAM_REMOTE_TOKEN.",
    );
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw badUsage(`Cannot use the remote cache: ${url.protocol} is not http: or https:`, example);
  }
  if (url.search !== "" || url.hash !== "") {
    throw badUsage(
      `Cannot use the remote cache ${url.host}: its URL may have no query and no fragment`,
      example,
    );
  }
  return url;
}

function authorizationOf(token?: string, user?: string, password?: string): string | undefined {
  if (token !== undefined && (user !== undefined || password !== undefined)) {
    throw badUsage(
      "Cannot use REPARAM_REMOTE_TOKEN together with REPARAM_REMOTE_USER and REPARAM_REMOTE_PASSWORD",
    );
  }
  if (token !== undefined) {
    if (!/^[\x21-\x7e]+$/.test(token)) throw notPrintable("REPARAM_REMOTE_TOKEN");
    return `Bearer ${token}`;
  }
  if (user === undefined && password === undefined) return undefined;
  if (user === undefined) throw badUsage("Cannot use REPARAM_REMOTE_PASSWORD without REPARAM_REMOTE_USER");
  if (user.includes(":")) throw badUsage("Cannot use REPARAM_REMOTE_USER: a user name holds no colon");
  const bytes = new TextEncoder().encode(`${user}:${password ?? ""}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

/** Shorter secrets can be guessed. */
const LEAST_SECRET = 16;

/** @param secret of HMAC, or the private key whose public half is among the keys */
async function signaturesOf(keys: readonly string[], secret?: string): Promise<Signatures | undefined> {
  if (keys.length === 0) {
    if (secret === undefined) return undefined;
    throw badUsage(
      "Cannot use REPARAM_REMOTE_SECRET: it is not said what it is for",
      "Add --remote-key hmac, or --remote-key with the public half of the private key.",
    );
  }
  const { ed25519Signatures, hmacSignatures, privateKey, publicHalf, publicKey } = await import(
    "../../store/signature.ts"
  );
  if (keys.includes("hmac")) {
    if (keys.length > 1) throw badUsage("Cannot use --remote-key hmac together with public keys");
    if (secret === undefined || secret.length < LEAST_SECRET) {
      throw badUsage(
        `Cannot use --remote-key hmac: REPARAM_REMOTE_SECRET must hold a secret of ${LEAST_SECRET} characters or more`,
        "For example that of: openssl rand -base64 32",
      );
    }
    return hmacSignatures(secret);
  }
  const trusted = keys.map((key) => {
    const found = publicKey(key);
    if (found) return found;
    throw badUsage(
      `Cannot use --remote-key ${key.slice(0, 80)}: it is neither hmac nor an Ed25519 public key`,
      "A public key is 32 bytes in base64; docs/ci.md shows how to make one.",
    );
  });
  const own = secret === undefined ? undefined : privateKey(secret);
  if (secret !== undefined && !own) {
    throw badUsage(
      "Cannot use REPARAM_REMOTE_SECRET: it holds no Ed25519 private key",
      "It is PKCS 8 in PEM, or in the base64 of DER; docs/ci.md shows how to make one.",
    );
  }
  if (own && !keys.includes(publicHalf(own))) {
    throw badUsage(
      "Cannot use REPARAM_REMOTE_SECRET: its public half is none of the keys that are trusted",
      `Add --remote-key ${publicHalf(own)}`,
    );
  }
  return ed25519Signatures(trusted, own);
}

function notPrintable(name: string): UserError {
  return badUsage(`Cannot use ${name}: it holds a space, a line break or a character that is not ASCII`);
}
