import assert from "node:assert/strict";
import { UserError } from "../../pipeline/base/errors.ts";
import { parseExperiment } from "../../pipeline/spec/load.ts";

/** What a spec is refused with: the message and its notes. @param text JSON of a spec that must not be taken */
export function refusal(text: string): string {
  try {
    parseExperiment(text, "s.json");
  } catch (error) {
    if (error instanceof UserError) return `${error.message} ${error.notes.join(" ")}`;
    throw error;
  }
  return assert.fail("The spec was taken");
}
