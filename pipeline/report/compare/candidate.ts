import type { Artifact } from "../../artifacts/artifact.ts";
import { UserError } from "../../base/errors.ts";
import type { ReportedSpec } from "../reported_spec.ts";
import type { Coordinates } from "../../base/coordinates.ts";
import type { ActionRecord } from "../../store/record.ts";

/** One experiment that takes part in a comparison. */
export interface Candidate {
  /** Unique in the comparison. */
  readonly name: string;
  /** The sweep or the argument that it came from. */
  readonly origin: string;
  /** What tells it from the other cells of its sweep; none outside of sweeps. */
  readonly coordinates: Coordinates;
  readonly spec: ReportedSpec;
  readonly outcome: Outcome;
}

/** What became of a candidate. */
export type Outcome =
  | Finished
  | { readonly status: "failed"; readonly reason: string; readonly notes: readonly string[] }
  | { readonly status: "missing"; readonly reason: string };

/** A run with results. */
export interface Finished {
  readonly status: "done";
  /** An output by `stage/path`; undefined where there is none. */
  read(output: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Records by stage; those of a report that lies apart from its store are not known. */
  readonly records: ReadonlyMap<string, ActionRecord>;
  /** From the comparison's page to the report. */
  readonly link: string | null;
}

/**
 * One artifact of a finished run.
 * @param name names the run in errors
 * @throws {UserError} where the run does not have it whole
 */
export async function readOutcome<Value>(
  outcome: Pick<Finished, "read">,
  artifact: Artifact<Value>,
  name: string,
): Promise<Value> {
  const bytes = await outcome.read(artifact.name);
  if (!bytes) throw unreadableResult(name, `there is no ${artifact.name}`);
  try {
    return artifact.decode(bytes);
  } catch (cause) {
    throw unreadableResult(name, `its ${artifact.name} is damaged`, cause);
  }
}

/** Says of a run's results that they cannot be read. @param name of the run */
export function unreadableResult(name: string, problem: string, cause?: unknown): UserError {
  return new UserError(`Cannot read the results of ${name}: ${problem}`, {
    notes: ["Next: run it again; what is cached is not run."],
    cause,
  });
}

/** All that a comparison is made of. */
export interface Comparison {
  readonly title: string;
  readonly description: string;
  readonly candidates: readonly Candidate[];
  /** Makes the page again. */
  readonly command: string;
}

/** A comparison as a page, and as a table for a pull request. */
export interface RenderedComparison {
  readonly html: string;
  readonly markdown: string;
}
