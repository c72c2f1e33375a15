import { createReadStream } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Where a remote cache is, and how to be let in. */
export interface RemoteServer {
  /** The folder that holds `ac/` and `cas/`; without a user name and password. */
  readonly url: URL;
  /** The value of the `authorization` header. It stands in no message, event or file. */
  readonly authorization?: string | undefined;
  /** How long the server may be silent. */
  readonly patienceMs: number;
}

/**
 * What a problem tells of the next request. `data`: nothing, one file is missing or wrong. `failure`: it may fail
 * as well. `lasting`: it is bound to fail as well, because nobody answers or nobody is let in.
 */
export type Severity = "data" | "failure" | "lasting";

/** Why a server was of no use: a sentence without its end, about "it". */
export class RemoteProblem extends Error {
  constructor(message: string, readonly severity: Severity) {
    super(message);
    this.name = "RemoteProblem";
  }
}

/** A server that sends or takes less than this is too slow to be of use. */
const LEAST_BYTES_PER_SECOND = 32_000;
/** How many times its patience a server may take to store what it was sent. */
const STORING_PATIENCE = 4;

/** Some requests to one server, over connections that are kept for each other and closed at the end. */
export class Transfer implements Disposable {
  readonly #server: RemoteServer;
  readonly #client: typeof http | typeof https;
  readonly #agent: http.Agent;
  readonly #signal: AbortSignal;

  /** @param signal ends all requests; its reason is thrown */
  constructor(server: RemoteServer, connections: number, signal: AbortSignal) {
    this.#server = server;
    this.#client = server.url.protocol === "https:" ? https : http;
    this.#agent = new this.#client.Agent({ keepAlive: true, maxSockets: connections });
    this.#signal = signal;
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }

  /**
   * Gives the content of a file to `use`, piece by piece.
   * @param most bytes that it may have
   * @returns false where the server has no such file
   * @throws {RemoteProblem}
   */
  get(path: string, most: number, use: (piece: Uint8Array) => void): Promise<boolean> {
    return this.#request("GET", path, {}, undefined, async (response, moved) => {
      if (response.statusCode === 404) return false;
      expectStatus(response, 200);
      let bytes = 0;
      for await (const piece of response as AsyncIterable<Uint8Array>) {
        moved(piece.length);
        if ((bytes += piece.length) > most) {
          throw new RemoteProblem(`it sent more than ${most} bytes`, "data");
        }
        try {
          use(piece);
        } catch (error) {
          throw new OwnError(error);
        }
      }
      return true;
    });
  }

  /** Size of a file that the server has. @throws {RemoteProblem} */
  size(path: string): Promise<number | undefined> {
    return this.#request("HEAD", path, {}, undefined, (response) => {
      if (response.statusCode === 404) return Promise.resolve(undefined);
      expectStatus(response, 200);
      return Promise.resolve(Number(response.headers["content-length"]));
    });
  }

  /** Sends a file of the disk, or a text. @throws {RemoteProblem} */
  put(path: string, content: { readonly file: string; readonly size: number } | string): Promise<void> {
    const text = typeof content === "string" ? new TextEncoder().encode(content) : undefined;
    const headers = {
      // Sent whole and not in chunks: some servers insist on knowing the size.
      "content-length": text ? text.length : (content as { size: number }).size,
      "content-type": "application/octet-stream",
    };
    const body = text ?? createReadStream((content as { file: string }).file);
    return this.#request("PUT", path, headers, body, (response) => {
      expectStatus(response, 200, 201, 204);
      return Promise.resolve();
    });
  }

  async #request<T>(
    method: string,
    path: string,
    headers: http.OutgoingHttpHeaders,
    body: Readable | Uint8Array | undefined,
    use: (response: http.IncomingMessage, moved: (bytes: number) => void) => Promise<T>,
  ): Promise<T> {
    this.#signal.throwIfAborted();
    const { url, authorization, patienceMs } = this.#server;
    const control = new AbortController();
    const signal = AbortSignal.any([this.#signal, control.signal]);

    let moved = 0;
    let seen = 0;
    let silent = 0;
    let isSent = body === undefined;
    let isAnswered = false;
    const enough = LEAST_BYTES_PER_SECOND * patienceMs / 1000;
    const watchdog = setInterval(() => {
      silent = moved - seen >= enough ? 0 : silent + 1;
      seen = moved;
      if (silent < (isSent && body !== undefined ? STORING_PATIENCE : 1)) return;
      const what = isSent && !isAnswered
        ? "it did not answer within"
        : `it moved less than ${enough * silent} bytes in`;
      control.abort(new RemoteProblem(`${what} ${silent * patienceMs / 1000} s`, "lasting"));
    }, patienceMs);

    const request = this.#client.request(`${url.href.replace(/\/$/, "")}/${path}`, {
      method,
      agent: this.#agent,
      headers: { ...headers, ...(authorization === undefined ? {} : { authorization }) },
    });
    const exchange = async () => {
      const response = new Promise<http.IncomingMessage>((resolve, reject) => {
        request.on("response", resolve);
        request.on("error", reject);
      });
      const sent = send(body, request, (bytes) => moved += bytes).then(() => isSent = true);
      // A server may answer before it has read everything, and what it says then says more than a broken pipe.
      sent.catch((error) => request.destroy(error));
      const answer = await response;
      isAnswered = true;
      moved += enough; // a sign of life
      const result = await use(answer, (bytes) => {
        signal.throwIfAborted();
        moved += bytes;
      });
      // What is left unread would keep the connection busy; what goes wrong with it no longer matters.
      answer.on("error", () => {}).resume();
      return result;
    };
    try {
      return await untilAborted(exchange(), signal);
    } catch (error) {
      const reason = signal.aborted ? signal.reason : explain(error);
      control.abort(reason);
      request.destroy();
      throw reason;
    } finally {
      clearInterval(watchdog);
    }
  }
}

/** A stream may stay silent for ever after its request was destroyed, so nothing waits for it to say so. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

async function send(
  body: Readable | Uint8Array | undefined,
  request: http.ClientRequest,
  moved: (bytes: number) => void,
): Promise<void> {
  if (body instanceof Uint8Array || body === undefined) {
    request.end(body);
    return;
  }
  await pipeline(
    body,
    async function* (pieces: AsyncIterable<Uint8Array>) {
      for await (const piece of pieces) {
        yield piece;
        moved(piece.length);
      }
    },
    request,
  );
}

function expectStatus({ statusCode = 0 }: http.IncomingMessage, ...expected: number[]): void {
  if (expected.includes(statusCode)) return;
  if (statusCode === 401 || statusCode === 403) {
    throw new RemoteProblem(`it answered ${statusCode}: the credentials are missing or wrong`, "lasting");
  }
  if (statusCode >= 300 && statusCode < 400) {
    throw new RemoteProblem(`it answered ${statusCode}, and redirects are not followed`, "lasting");
  }
  throw new RemoteProblem(`it answered ${statusCode}`, "failure");
}

/** An error of the caller, which is not the server's. */
class OwnError extends Error {
  constructor(readonly error: unknown) {
    super();
  }
}

/** Says why a transfer failed. It repeats codes only: a message could hold what the server or the request said. */
function explain(error: unknown): unknown {
  if (error instanceof OwnError) return error.error;
  if (error instanceof RemoteProblem) return error;
  const code = String((error as { code?: unknown } | null)?.code ?? "");
  switch (code) {
    case "ECONNREFUSED":
      return new RemoteProblem("it refused the connection", "lasting");
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new RemoteProblem("its name leads to no address", "lasting");
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "ETIMEDOUT":
      return new RemoteProblem("there is no way to it", "lasting");
    case "ECONNRESET":
    case "EPIPE":
    case "ECONNABORTED":
      return new RemoteProblem("it cut the connection off", "failure");
  }
  if (code.startsWith("HPE_")) return new RemoteProblem("it does not speak HTTP", "failure");
  if (/CERT|SSL|TLS/.test(code)) {
    return new RemoteProblem(`its certificate is not trusted (${code})`, "lasting");
  }
  return code === "" ? error : new RemoteProblem(`the request failed (${code})`, "failure");
}
