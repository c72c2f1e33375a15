import type { StageContext } from "../../../pipeline/graph/stage.ts";

const [READ, WRITE_AND_CREATE] = [0, 0o101];
const [INTERNET, STREAM] = [2, 1];

/** Writes which files the C library lets it open, and whether it lets it connect to a port of this machine. */
export async function run(
  context: StageContext<{ read: string[]; write: string[]; port: number }>,
): Promise<void> {
  const { symbols: { open, socket, connect } } = Deno.dlopen("libc.so.6", {
    open: { parameters: ["buffer", "i32", "i32"], result: "i32" },
    socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
    connect: { parameters: ["i32", "buffer", "i32"], result: "i32" },
  });
  const opens = (path: string, flags: number) =>
    open(new TextEncoder().encode(`${path}\0`), flags, 0o644) >= 0;
  const { read, write, port } = context.slice;
  const address = new Uint8Array([INTERNET, 0, port >> 8, port & 255, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  const answer = {
    read: read.map((path) => opens(path, READ)),
    input: opens(context.input("make/numbers.txt"), READ),
    write: write.map((path) => opens(path, WRITE_AND_CREATE)),
    output: opens(context.output("own.txt"), WRITE_AND_CREATE),
    connects: connect(socket(INTERNET, STREAM, 0), address, address.length) === 0,
  };
  await Deno.writeTextFile(context.output("answer.json"), JSON.stringify(answer));
}
