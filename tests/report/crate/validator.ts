import { fileURLToPath } from "node:url";
import { hasPython, python } from "../../support/python.ts";

const SCRIPT = fileURLToPath(new URL("./validate.py", import.meta.url));

/** Whether crates can be validated on this machine: `pip install roc-validator` makes it so. */
export const HAS_VALIDATOR = hasPython("rocrate_validator");

/** What roc-validator finds REQUIRED and not met in an RO-Crate; "" where there is nothing. */
export function validate(folder: string): string {
  const { success, stdout, stderr } = python([SCRIPT, folder]);
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return success ? "" : text(stdout) || text(stderr);
}
