/** A Python for what tests run in one: that of the environment variable, or the one on PATH. */
const PYTHON = Deno.env.get("TEST_PYTHON") || "python3";

/** Whether there is a Python here that has all of these modules. */
export function hasPython(...modules: readonly string[]): boolean {
  const missing = "import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, sys.argv[1:])))";
  try {
    return python(["-c", missing, ...modules]).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Runs Python to its end. @param args `["-c", code]`, or a script and its arguments */
export function python(args: readonly string[], cwd?: string): Deno.CommandOutput {
  return new Deno.Command(PYTHON, {
    args: [...args],
    // Threads of numpy's library spin while they wait, and what tests compute is small.
    env: { OPENBLAS_NUM_THREADS: "1" },
    ...(cwd === undefined ? {} : { cwd }),
  }).outputSync();
}
