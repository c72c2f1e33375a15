/**
 * Confines the process that it runs in, and becomes another program in it. It is a program of its own since a thread
 * confines itself and what it starts, but not the other threads of its process: what takes this one's place is
 * confined from its first instruction on, whatever libraries it loads.
 *
 * Files are Landlock's affair, sockets seccomp's: see landlock(7) and seccomp(2). Where the kernel has one of them
 * not, the program runs without that. Whatever else goes wrong ends it: nothing runs half-confined.
 *
 * Arguments: a `Confinement` in JSON, the program, its arguments. It imports nothing, to start in a blink.
 */

/** What a process may reach. */
export interface Confinement {
  /** Files and folders that it may read, and whose programs it may start. What is not there is passed over. */
  readonly read: readonly string[];
  /** Folders whose files it may read if it knows their names: it cannot list them. */
  readonly readByName: readonly string[];
  /** Files and folders that it may change as well. */
  readonly write: readonly string[];
  /** Whether it may open sockets. */
  readonly net: boolean;
  /** Variables of the program's environment, beside those of this one. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Numbers of system calls that are alike on all processors. */
const [CREATE_RULESET, ADD_RULE, RESTRICT_SELF, IO_URING_SETUP] = [444, 445, 446, 425];
const [VERSION_FLAG, PATH_BENEATH] = [1, 1];
const [PR_SET_SECCOMP, SECCOMP_MODE_FILTER, PR_SET_NO_NEW_PRIVS] = [22, 2, 38];
const [O_PATH, O_CLOEXEC] = [0o10000000, 0o2000000];

/** Rights to files, as bits. */
const [EXECUTE, WRITE_FILE, READ_FILE, READ_DIR] = [1n, 2n, 4n, 8n];
const [TRUNCATE, IOCTL_DEV] = [1n << 14n, 1n << 15n];
const FILE_RIGHTS = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV;
/** How many rights to files each version of Landlock knows. */
const RIGHTS = [0, 13, 14, 15, 15, 16];
/** The first version that keeps signals and abstract sockets from processes outside. */
const SCOPE_VERSION = 6;
const SCOPES = 3n;

/** The processors with their names in audit.h, and the number of socket(2) on each. */
const PROCESSORS = { x86_64: [0xc000003e, 41], aarch64: [0xc00000b7, 198] } as const;
/** The first number of another convention for calls. */
const OTHER_CALLS = 0x40000000;
/** Instructions of seccomp's filters, and what they return. */
const [LOAD, IF_EQUAL, IF_AT_LEAST, RETURN] = [0x20, 0x15, 0x35, 0x06];
const [NUMBER_AT, PROCESSOR_AT] = [0, 4];
const [ALLOW, NOT_PERMITTED] = [0x7fff0000, 0x00050001];

/** Memory is handed over as `buffer`, which stays in place for as long as the call takes. */
const { symbols: libc } = Deno.dlopen("libc.so.6", {
  createRuleset: { name: "syscall", parameters: ["i64", "buffer", "usize", "u32"], result: "i64" },
  addRule: { name: "syscall", parameters: ["i64", "i32", "i32", "buffer", "u32"], result: "i64" },
  restrictSelf: { name: "syscall", parameters: ["i64", "i32", "u32"], result: "i64" },
  setFilter: { name: "prctl", parameters: ["i32", "u64", "buffer", "u64", "u64"], result: "i32" },
  prctl: { parameters: ["i32", "u64", "u64", "u64", "u64"], result: "i32" },
  access: { parameters: ["buffer", "i32"], result: "i32" },
  open: { parameters: ["buffer", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  setenv: { parameters: ["buffer", "buffer", "i32"], result: "i32" },
  execv: { parameters: ["buffer", "buffer"], result: "i32" },
});

const text = (value: string) => new TextEncoder().encode(`${value}\0`);

function call(number: number): bigint {
  return BigInt(number);
}

/** Holds the process to files and folders, as far as the kernel can. */
function confineFiles({ read, readByName, write }: Confinement): void {
  const version = Number(libc.createRuleset(call(CREATE_RULESET), null, 0n, VERSION_FLAG));
  if (version < 1) return;
  const known = (1n << BigInt(RIGHTS[Math.min(version, RIGHTS.length - 1)]!)) - 1n;
  const isScoped = version >= SCOPE_VERSION;
  const attributes = new BigUint64Array([known, 0n, isScoped ? SCOPES : 0n]);
  const ruleset = Number(libc.createRuleset(call(CREATE_RULESET), attributes, isScoped ? 24n : 8n, 0));
  if (ruleset < 0) throw new Error("the kernel refuses a ruleset");
  const allow = (path: string, rights: bigint) => {
    if (libc.access(text(path), 0) !== 0) return;
    const file = libc.open(text(path), O_PATH | O_CLOEXEC);
    if (file < 0) throw new Error(`${path} cannot be opened`);
    const rule = new DataView(new ArrayBuffer(12));
    rule.setInt32(8, file, true);
    const add = (rights: bigint) => {
      rule.setBigUint64(0, rights & known, true);
      return Number(libc.addRule(call(ADD_RULE), ruleset, PATH_BENEATH, rule.buffer, 0)) === 0;
    };
    // A file has fewer rights than a folder.
    const isAllowed = add(rights) || add(rights & FILE_RIGHTS);
    libc.close(file);
    if (!isAllowed) throw new Error(`the kernel refuses a rule for ${path}`);
  };
  for (const path of write) allow(path, known & ~EXECUTE);
  for (const path of read) allow(path, EXECUTE | READ_FILE | READ_DIR);
  for (const path of readByName) allow(path, READ_FILE);
  if (Number(libc.restrictSelf(call(RESTRICT_SELF), ruleset, 0)) !== 0) {
    throw new Error("the kernel refuses to restrict it");
  }
}

/** Takes the call away that opens sockets, of any kind, and the queue of calls that goes round all filters. */
function closeNetwork(): void {
  const processor = PROCESSORS[Deno.build.arch];
  const refused = [processor[1], IO_URING_SETUP];
  const instructions = [
    [LOAD, 0, 0, PROCESSOR_AT],
    [IF_EQUAL, 0, refused.length + 3, processor[0]],
    [LOAD, 0, 0, NUMBER_AT],
    [IF_AT_LEAST, refused.length + 1, 0, OTHER_CALLS],
    ...refused.map((number, i) => [IF_EQUAL, refused.length - i, 0, number]),
    [RETURN, 0, 0, ALLOW],
    [RETURN, 0, 0, NOT_PERMITTED],
  ] as const;
  const filter = new DataView(new ArrayBuffer(8 * instructions.length));
  for (const [i, [code, ifTrue, ifFalse, value]] of instructions.entries()) {
    filter.setUint16(8 * i, code, true);
    filter.setUint8(8 * i + 2, ifTrue);
    filter.setUint8(8 * i + 3, ifFalse);
    filter.setUint32(8 * i + 4, value, true);
  }
  const program = new BigUint64Array([BigInt(instructions.length), addressOf(filter.buffer)]);
  libc.setFilter(PR_SET_SECCOMP, BigInt(SECCOMP_MODE_FILTER), program, 0n, 0n);
  keep(filter);
}

/** An `ArrayBuffer` has its bytes outside of the heap: they stay where they are for as long as it lives. */
function addressOf(memory: ArrayBuffer): bigint {
  return BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(memory)));
}

const kept: unknown[] = [];

/** Keeps memory alive whose address was given away. */
function keep(memory: unknown): void {
  kept.push(memory);
}

/** Becomes another program; comes back only where that cannot be. */
function become(program: string, args: readonly string[]): void {
  const words = [program, ...args].map(text);
  const memory = new Uint8Array(words.reduce((sum, { length }) => sum + length, 0));
  const pointers = new BigUint64Array(words.length + 1);
  const start = addressOf(memory.buffer);
  let offset = 0;
  for (const [i, word] of words.entries()) {
    memory.set(word, offset);
    pointers[i] = start + BigInt(offset);
    offset += word.length;
  }
  keep(memory);
  libc.execv(text(program), pointers);
}

if (import.meta.main) {
  const [rules, program, ...args] = Deno.args as [string, string, ...string[]];
  const confinement: Confinement = JSON.parse(rules);
  try {
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1n, 0n, 0n, 0n);
    confineFiles(confinement);
    if (!confinement.net) closeNetwork();
    for (const [name, value] of Object.entries(confinement.environment)) {
      libc.setenv(text(name), text(value), 1);
    }
    become(program, args);
    throw new Error(`${program} cannot be started`);
  } catch (error) {
    console.error(`Cannot confine the stage: ${(error as Error).message}`);
    Deno.exit(1);
  }
}
