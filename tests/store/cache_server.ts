/** What a client asked for. */
export interface CacheRequest {
  readonly method: string;
  /** `ac/<key>` or `cas/<digest>`. */
  readonly path: string;
  readonly authorization: string | undefined;
}

/** Answers instead of the server; the connection is closed afterwards. */
export type Fault = (write: (text: string | Uint8Array) => Promise<void>) => Promise<void> | void;

/** An HTTP cache in this process that can be told to misbehave: it writes its answers byte by byte itself. */
export class CacheServer implements AsyncDisposable {
  readonly files = new Map<string, Uint8Array>();
  readonly requests: CacheRequest[] = [];
  /** Asked at each request. */
  faultOf: (request: CacheRequest) => Fault | undefined = () => undefined;
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #connections = new Set<Deno.Conn>();
  readonly #serving: Promise<void>;

  constructor() {
    this.#serving = this.#serve();
  }

  get url(): URL {
    return new URL(`http://127.0.0.1:${(this.#listener.addr as Deno.NetAddr).port}/cache`);
  }

  /** `PUT cas` and the like, in the order of their coming. */
  get log(): string[] {
    return this.requests.map(({ method, path }) => `${method} ${path.split("/")[0]}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const connection of this.#connections) close(connection);
    await this.#serving;
  }

  async #serve(): Promise<void> {
    for await (const connection of this.#listener) {
      this.#connections.add(connection);
      this.#talk(connection).catch(() => {}).finally(() => {
        this.#connections.delete(connection);
        close(connection);
      });
    }
  }

  async #talk(connection: Deno.Conn): Promise<void> {
    const write = async (text: string | Uint8Array) => {
      const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
      for (let n = 0; n < bytes.length;) n += await connection.write(bytes.subarray(n));
    };
    let buffer = new Uint8Array();
    const more = async () => {
      const piece = new Uint8Array(65536);
      const length = await connection.read(piece);
      if (length === null) return false;
      const joined = new Uint8Array(buffer.length + length);
      joined.set(buffer);
      joined.set(piece.subarray(0, length), buffer.length);
      buffer = joined;
      return true;
    };
    while (true) {
      let end: number;
      while ((end = new TextDecoder("latin1").decode(buffer).indexOf("\r\n\r\n")) < 0) {
        if (!await more()) return;
      }
      const head = new TextDecoder().decode(buffer.subarray(0, end));
      buffer = buffer.subarray(end + 4);
      const [method, target] = head.split(" ", 2) as [string, string];
      const header = (name: string) => new RegExp(`^${name}: (.*)$`, "im").exec(head)?.[1]?.trim();
      const request = {
        method,
        path: target.replace("/cache/", ""),
        authorization: header("authorization"),
      };
      this.requests.push(request);
      const fault = this.faultOf(request);
      if (fault) return await fault(write);

      const length = Number(header("content-length") ?? 0);
      while (buffer.length < length) if (!await more()) return;
      const body = buffer.slice(0, length);
      buffer = buffer.subarray(length);
      const file = this.files.get(request.path);
      if (method === "PUT") {
        this.files.set(request.path, body);
        await write("HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n");
      } else if (!file) await write("HTTP/1.1 404 Not Found\r\ncontent-length: 3\r\n\r\nno\n");
      else {
        await write(`HTTP/1.1 200 OK\r\ncontent-length: ${file.length}\r\n\r\n`);
        if (method === "GET") await write(file);
      }
    }
  }
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // closed already
  }
}

export function answer(status: string, body: string | Uint8Array = "", headers = ""): Fault {
  return async (write) => {
    await write(`HTTP/1.1 ${status}\r\n${headers}content-length: ${body.length}\r\n\r\n`);
    await write(body);
  };
}

/** Never answers, and keeps the connection. */
export const hang: Fault = () => new Promise(() => {});
