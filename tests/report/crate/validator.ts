import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("./validate.py", import.meta.url));

/** A Python in which `pip install roc-validator` was done: that of the environment variable, or the one on PATH. */
const PYTHON = Deno.env.get("ROC_VALIDATOR_PYTHON") || "python3";

/** Whether crates can be validated on this machine. */
export const HAS_VALIDATOR = run(
  "-c",
  "import importlib.util as u, sys; sys.exit(not u.find_spec('rocrate_validator'))",
)?.success ?? false;

/** What roc-validator finds REQUIRED and not met in an RO-Crate; "" where there is nothing. */
export function validate(folder: string): string {
  const { success, stdout, stderr } = run(SCRIPT, folder)!;
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return success ? "" : text(stdout) || text(stderr);
}

/** undefined where there is no Python. */
function run(...args: string[]): Deno.CommandOutput | undefined {
  try {
    return new Deno.Command(PYTHON, { args }).outputSync();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
