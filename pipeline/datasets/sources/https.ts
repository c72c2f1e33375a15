import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { UserError } from "../../base/errors.ts";
import type { DataFile } from "../../artifacts/source_json.ts";
import { copyVerified, writeAll, WrongBytes } from "../verified_copy.ts";
import type { HttpsSource } from "./https.spec.ts";
import { shownAddress } from "./shown_address.ts";
import { type Delivered, type Delivery, namesOf, otherSources } from "./source.ts";

/** How long a download is tried. */
export interface Patience {
  /** Tries of one address. */
  readonly attempts: number;
  /** Milliseconds before the second try; twice as many before each one after it. */
  readonly backOff: number;
  /** Milliseconds without a byte after which a try is given up. */
  readonly stall: number;
}

const PATIENCE: Patience = { attempts: 4, backOff: 500, stall: 30_000 };
const MAX_REDIRECTS = 5;
/** Seconds before which a rate is a matter of luck. */
const LEAST_SECONDS = 1;

/** Why a try failed after which the next one may not. */
class Transient extends Error {}
/** Why an address will not do. */
class Refused extends Error {}

/**
 * Downloads the files from the first mirror that delivers them, each under its name or gzipped with `.gz`
 * behind. A download that was cut off goes on where it stopped, also in a later run. Nothing is fetched
 * from a host that is not a mirror's, and nothing over plain HTTP but from this machine itself.
 * @param mirrors Base URLs; the dataset's own where undefined.
 * @throws {UserError} where no mirror delivers a file, with what each said
 */
export async function fetchHttps(
  mirrors: readonly string[] | undefined,
  delivery: Delivery,
  patience: Patience = PATIENCE,
): Delivered {
  const bases = mirrors?.map(baseUrl) ?? delivery.origin.mirrors.map(asFolder);
  const hosts = new Set(bases.map(({ host }) => host));
  const from: Record<string, string> = {};
  const meter = new Meter(delivery);
  for (const file of delivery.origin.files) {
    from[file.name] = await fetchFile(file, bases, hosts, delivery, patience, meter);
    meter.finish(file);
  }
  return { type: "https", from };
}

function baseUrl(text: string): URL {
  const url = asFolder(text);
  if (!mayAsk(url)) {
    throw new UserError(`Cannot download from ${shownAddress(url)}: plain HTTP can be changed on the way`, {
      notes: ["Give an https:// address."],
      exitStatus: 2,
    });
  }
  return url;
}

function asFolder(text: string): URL {
  const url = new URL(text);
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}

/** Plain HTTP is safe where it does not leave this machine. */
function mayAsk({ protocol, hostname }: URL): boolean {
  return protocol === "https:" ||
    (protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(hostname));
}

/** Resolves to the address that delivered. */
async function fetchFile(
  file: DataFile,
  bases: readonly URL[],
  hosts: ReadonlySet<string>,
  delivery: Delivery,
  patience: Patience,
  meter: Meter,
): Promise<string> {
  const failures: string[] = [];
  for (const base of bases) {
    for (const name of namesOf(file).flatMap((name) => [`${name}.gz`, name])) {
      const url = new URL(base);
      url.pathname += name;
      const partial = await Partial.open(
        join(delivery.scratch, `${file.name.replaceAll("/", " ")}.part`),
        url.href,
      );
      try {
        await fetchAddress(file, url, hosts, partial, delivery, patience, meter);
        return shownAddress(url);
      } catch (error) {
        if (error instanceof Refused) {
          failures.push(`${shownAddress(url)} ${error.message}`);
          continue;
        }
        if (!(error instanceof Transient)) throw error;
        failures.push(`${shownAddress(url)} ${error.message} (tried ${patience.attempts} times)`);
        break; // the host is in trouble: its other address would only cost the same wait again
      }
    }
  }
  throw new UserError(`Cannot download ${file.name} of ${delivery.title}: no mirror delivered it`, {
    notes: [
      ...failures,
      "Is there a network? Behind a proxy, set HTTPS_PROXY. What arrived is kept: run again to go on.",
      ...otherSources("https", delivery.origin),
    ],
  });
}

async function fetchAddress(
  file: DataFile,
  url: URL,
  hosts: ReadonlySet<string>,
  partial: Partial,
  delivery: Delivery,
  patience: Patience,
  meter: Meter,
): Promise<void> {
  for (let attempt = 1;; attempt++) {
    try {
      const resumed = await receive(file, url, hosts, partial, delivery, patience.stall, meter);
      try {
        await copyVerified(partial.path, delivery.output(file.name), file, delivery.signal);
      } catch (error) {
        if (!(error instanceof WrongBytes)) throw error;
        await partial.discard();
        // What was put together from two answers may be wrong where each answer is right.
        throw new (resumed ? Transient : Refused)(`delivered a wrong file: ${error.message}`);
      }
      await partial.discard();
      return;
    } catch (error) {
      if (!(error instanceof Transient) || attempt === patience.attempts) throw error;
      const wait = patience.backOff * 2 ** (attempt - 1);
      meter.say(`${url.host} ${error.message}; trying again in ${(wait / 1000).toFixed(1)} s`);
      await delay(wait, undefined, { signal: delivery.signal });
    }
  }
}

/** Brings `partial` to its full length; true where it held something already. */
async function receive(
  file: DataFile,
  url: URL,
  hosts: ReadonlySet<string>,
  partial: Partial,
  delivery: Delivery,
  stall: number,
  meter: Meter,
): Promise<boolean> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), stall);
  try {
    // Encodings of the transport would change what a range counts.
    const headers = new Headers({ "accept-encoding": "identity" });
    if (partial.length > 0) {
      headers.set("range", `bytes=${partial.length}-`);
      if (partial.validator !== undefined) headers.set("if-range", partial.validator);
    }
    const response = await ask(url, headers, hosts, AbortSignal.any([delivery.signal, silence.signal]));
    const resumed = response.status === 206;
    if (response.status === 416 && response.headers.get("content-range") === `bytes */${partial.length}`) {
      await response.body?.cancel();
      return true; // all had arrived when an earlier run was killed
    }
    if (response.status === 416 || (resumed && !continues(response, partial.length))) {
      await response.body?.cancel();
      await partial.discard();
      throw new Transient("could not continue the download");
    }
    if (response.status !== 200 && !resumed) {
      await response.body?.cancel();
      const later = response.status >= 500 || response.status === 408 || response.status === 429;
      throw new (later ? Transient : Refused)(`answered ${response.status} ${response.statusText}`.trimEnd());
    }

    const start = resumed ? partial.length : 0;
    const announced = response.headers.get("content-length");
    const end = announced === null ? undefined : start + Number(announced);
    // Gzip makes a little more of incompressible bytes.
    const limit = file.bytes + Math.ceil(file.bytes / 1000) + 1024;
    const tooLong = new Refused(`sends more than the ${file.bytes} bytes of this file`);
    if (end !== undefined && end > limit) {
      await response.body?.cancel();
      throw tooLong;
    }
    using target = await partial.write(start, response.headers);
    meter.start(file, url, start);
    for await (const chunk of response.body ?? []) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), stall);
      if (partial.length + chunk.length > limit) throw tooLong;
      await writeAll(target, chunk);
      partial.length += chunk.length;
      meter.update(partial.length, end);
    }
    if (end !== undefined && partial.length < end) {
      throw new Transient(`cut off after ${partial.length} of ${end} bytes`);
    }
    return resumed;
  } catch (error) {
    delivery.signal.throwIfAborted();
    if (silence.signal.aborted) throw new Transient(`sent nothing for ${stall / 1000} s`);
    if (error instanceof TypeError) {
      throw new Transient(`could not be reached or broke off: ${networkReason(error)}`);
    }
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Follows redirects by hand, because each step must stay within the listed hosts. */
async function ask(
  url: URL,
  headers: Headers,
  hosts: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Response> {
  let address = url;
  for (let step = 0; step <= MAX_REDIRECTS; step++) {
    const response = await fetch(address, { headers, redirect: "manual", signal });
    const location = response.headers.get("location");
    if (response.status < 300 || response.status > 399 || location === null) return response;
    await response.body?.cancel();
    const next = URL.parse(location, address);
    if (!next || !mayAsk(next) || !hosts.has(next.host)) {
      throw new Refused(`redirects to ${next?.origin ?? location}, which is not among the listed mirrors`);
    }
    address = next;
  }
  throw new Refused(`redirects more than ${MAX_REDIRECTS} times`);
}

function continues(response: Response, length: number): boolean {
  return response.headers.get("content-range")?.startsWith(`bytes ${length}-`) ?? false;
}

/** The message of a failed `fetch` without the address, which is named already. */
function networkReason(error: Error): string {
  const { message } = error.cause instanceof Error ? error.cause : error;
  return message.replace(/^error sending request for url \(.*?\): (client error \(\w+\): )?/, "");
}

/** What has arrived of one address, and what tells whether the server still has the same file. */
class Partial {
  length = 0;
  validator: string | undefined;

  private constructor(readonly path: string, readonly url: string) {}

  static async open(path: string, url: string): Promise<Partial> {
    const partial = new Partial(path, url);
    try {
      const known = JSON.parse(await Deno.readTextFile(`${path}.json`));
      if (known.url !== url) return partial;
      partial.length = (await Deno.stat(path)).size;
      if (typeof known.validator === "string") partial.validator = known.validator;
    } catch (error) {
      // Without a note that can be read, the download starts from the beginning.
      if (!(error instanceof Deno.errors.NotFound) && !(error instanceof SyntaxError)) throw error;
    }
    return partial;
  }

  async write(start: number, headers: Headers): Promise<Deno.FsFile> {
    this.length = start;
    if (start === 0) {
      const etag = headers.get("etag");
      this.validator = (etag?.startsWith("W/") ? undefined : etag) ?? headers.get("last-modified") ??
        undefined;
      await Deno.remove(this.path).catch(() => {});
      await Deno.writeTextFile(
        `${this.path}.json`,
        JSON.stringify({ url: this.url, validator: this.validator }),
      );
    }
    return await Deno.open(this.path, { write: true, create: true, append: true });
  }

  async discard(): Promise<void> {
    this.length = 0;
    await Deno.remove(this.path).catch(() => {});
    await Deno.remove(`${this.path}.json`).catch(() => {});
  }
}

/** Turns bytes into progress: share of all files, rate, time left. */
class Meter {
  readonly #total: number;
  #finished = 0;
  #bytes = 0;
  #name = "";
  #began = 0;
  #from = 0;

  constructor(readonly delivery: Delivery) {
    this.#total = delivery.origin.files.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  start(file: DataFile, url: URL, from: number): void {
    this.#name = `${file.name} from ${url.host}`;
    this.#bytes = file.bytes;
    this.#from = from;
    this.#began = performance.now();
  }

  update(arrived: number, end: number | undefined): void {
    const seconds = (performance.now() - this.#began) / 1000;
    const rate = (arrived - this.#from) / seconds;
    const whole = end ?? this.#bytes;
    this.delivery.progress({
      fraction: (this.#finished + this.#bytes * Math.min(1, arrived / whole)) / this.#total,
      text: `${this.#name}  ${megabytes(arrived)} of ${megabytes(whole)} MB`,
      ...(seconds < LEAST_SECONDS ? {} : {
        details: [`${megabytes(rate)} MB/s`],
        secondsLeft: Math.max(0, whole - arrived) / Math.max(1, rate),
      }),
    });
  }

  say(text: string): void {
    this.delivery.progress({ fraction: this.#finished / this.#total, text });
  }

  finish(file: DataFile): void {
    this.#finished += file.bytes;
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

/** The contract of a source (`SourceModule`). */
export function deliver({ mirrors }: HttpsSource, delivery: Delivery): Delivered {
  return fetchHttps(mirrors, delivery);
}
