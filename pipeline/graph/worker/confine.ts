/**
 * Confines the process that it runs in by Landlock, and becomes another program in it. It is a program of its own,
 * since a thread can confine itself and what it starts, but not the other threads of its process: the program that
 * takes this one's place is confined from its first instruction on, whatever its libraries do.
 *
 * Arguments: a `Confinement` in JSON, the program, its arguments. Where the kernel has no Landlock, the program runs
 * unconfined. It imports nothing, to start in a blink. See landlock(7).
 */

/** What a process may reach. Paths that do not exist are passed over. */
interface Confinement {
  /** Files and folders that it may read, and whose programs and libraries it may load. */
  readonly read: readonly string[];
  /** Files and folders that it may change as well. */
  readonly write: readonly string[];
  /** Whether it may use TCP. */
  readonly net: boolean;
  /** Variables of the program's environment. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Numbers of system calls, the same on x86-64 and arm64. */
const [CREATE_RULESET, ADD_RULE, RESTRICT_SELF] = [444, 445, 446];
const VERSION_FLAG = 1;
const PATH_BENEATH = 1;
const PR_SET_NO_NEW_PRIVS = 38;
const [O_PATH, O_CLOEXEC] = [0o10000000, 0o2000000];

/** Rights to files, as bits. */
const [EXECUTE, WRITE_FILE, READ_FILE, READ_DIR] = [1n, 2n, 4n, 8n];
const [TRUNCATE, IOCTL_DEV] = [1n << 14n, 1n << 15n];
const FILE_RIGHTS = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV;
/** How many rights to files each version of Landlock knows. */
const RIGHTS = [0, 13, 14, 15, 15, 16];
/** Versions that know of TCP, and of signals and abstract sockets to processes outside. */
const [NET_VERSION, SCOPE_VERSION] = [4, 6];
const TCP = 3n;
const SCOPES = 3n;

const long = { parameters: ["i64", "i64", "i64", "i64", "i64"], result: "i64" } as const;
const library = Deno.dlopen("libc.so.6", {
  syscall: long,
  prctl: long,
  open: { parameters: ["buffer", "i32"], result: "i32" },
  setenv: { parameters: ["buffer", "buffer", "i32"], result: "i32" },
  execv: { parameters: ["buffer", "buffer"], result: "i32" },
});
const { syscall, prctl, open, setenv, execv } = library.symbols;

function text(value: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${value}\0`);
}

function address(bytes: Uint8Array<ArrayBuffer>): bigint {
  return BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes)));
}

function confine({ read, write, net }: Confinement): void {
  const version = Number(syscall(BigInt(CREATE_RULESET), 0n, 0n, BigInt(VERSION_FLAG), 0n));
  if (version < 1) return;
  const known = (1n << BigInt(RIGHTS[Math.min(version, RIGHTS.length - 1)]!)) - 1n;
  const attributes = new BigUint64Array([
    known,
    version >= NET_VERSION && !net ? TCP : 0n,
    version >= SCOPE_VERSION ? SCOPES : 0n,
  ]);
  const size = version >= SCOPE_VERSION ? 24n : version >= NET_VERSION ? 16n : 8n;
  const ruleset = syscall(BigInt(CREATE_RULESET), address(new Uint8Array(attributes.buffer)), size, 0n, 0n);
  if (Number(ruleset) < 0) throw new Error("Cannot confine the stage: the kernel refuses a ruleset");
  const allow = (path: string, rights: bigint) => {
    const file = open(text(path), O_PATH | O_CLOEXEC);
    if (file < 0) return;
    const rule = new DataView(new ArrayBuffer(12));
    const add = (rights: bigint) => {
      rule.setBigUint64(0, rights & known, true);
      rule.setInt32(8, file, true);
      const bytes = new Uint8Array(rule.buffer);
      return Number(syscall(BigInt(ADD_RULE), ruleset, BigInt(PATH_BENEATH), address(bytes), 0n)) === 0;
    };
    // A file has fewer rights than a folder.
    if (!add(rights) && !add(rights & FILE_RIGHTS)) throw new Error(`Cannot confine the stage to ${path}`);
  };
  for (const path of read) allow(path, EXECUTE | READ_FILE | READ_DIR);
  for (const path of write) allow(path, known & ~EXECUTE);
  prctl(BigInt(PR_SET_NO_NEW_PRIVS), 1n, 0n, 0n, 0n);
  if (Number(syscall(BigInt(RESTRICT_SELF), ruleset, 0n, 0n, 0n)) !== 0) {
    throw new Error("Cannot confine the stage: the kernel refuses to restrict it");
  }
}

const [rules, program, ...given] = Deno.args as [string, string, ...string[]];
const confinement: Confinement = JSON.parse(rules);
confine(confinement);
for (const [name, value] of Object.entries(confinement.environment)) setenv(text(name), text(value), 1);
const words = [program, ...given].map(text);
const pointers = new BigUint64Array([...words.map(address), 0n]);
execv(words[0]!, new Uint8Array(pointers.buffer));
throw new Error(`Cannot start ${program} once it is confined`);
