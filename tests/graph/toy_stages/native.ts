import type { StageContext } from "../../../pipeline/graph/stage.ts";

const [READ, WRITE_AND_CREATE] = [0, 0o101];
const [UNIX, INTERNET, STREAM, DATAGRAM] = [1, 2, 1, 2];

/** Writes what the C library lets it do: which files to open, whether to connect, to signal a process, to read a variable. */
export async function run(
  context: StageContext<{ read: string[]; write: string[]; port: number; pid: number }>,
): Promise<void> {
  const { symbols: { open, socket, connect, kill, getenv } } = Deno.dlopen("libc.so.6", {
    open: { parameters: ["buffer", "i32", "i32"], result: "i32" },
    socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
    connect: { parameters: ["i32", "buffer", "i32"], result: "i32" },
    kill: { parameters: ["i32", "i32"], result: "i32" },
    getenv: { parameters: ["buffer"], result: "pointer" },
  });
  const opens = (path: string, flags: number) =>
    open(new TextEncoder().encode(`${path}\0`), flags, 0o644) >= 0;
  const { read, write, port, pid } = context.slice;
  const address = new Uint8Array([INTERNET, 0, port >> 8, port & 255, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  const answer = {
    read: read.map((path) => opens(path, READ)),
    input: opens(context.input("make/numbers.txt"), READ),
    write: write.map((path) => opens(path, WRITE_AND_CREATE)),
    output: opens(context.output("own.txt"), WRITE_AND_CREATE),
    deep: opens(context.output("a/b/own.txt"), WRITE_AND_CREATE),
    connects: connect(socket(INTERNET, STREAM, 0), address, address.length) === 0,
    sockets: [[UNIX, STREAM], [INTERNET, DATAGRAM]].map(([family, type]) => socket(family!, type!, 0) >= 0),
    signals: kill(pid, 0) === 0,
    variable: getenv(new TextEncoder().encode("REPARAM_TEST_TOKEN\0")) !== null,
  };
  await Deno.writeTextFile(context.output("answer.json"), JSON.stringify(answer));
}
