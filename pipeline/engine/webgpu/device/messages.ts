/** What the main thread and the thread that owns the GPU say to each other. */

/** A buffer of the GPU, by its number. */
export type BufferNumber = number;

/** One dispatch of a kernel. */
export interface DispatchMessage {
  /** The number of its kernel. */
  readonly kernel: number;
  readonly groups: readonly [number, number, number];
  /**
   * What it is told: a row of `records`, or nothing. With `perStep`, the row so much behind it as the step is in its
   * submission.
   */
  readonly record: number | undefined;
  readonly perStep: boolean;
}

/** A program: what is dispatched for each step, over buffers of its own and of the parameters. */
export interface ProgramMessage {
  readonly kernels: readonly string[];
  readonly dispatches: readonly DispatchMessage[];
  /** What dispatches are told, `RECORD` numbers each. */
  readonly records: Uint32Array;
  /** Entries of its memory, and what lies there from the start. */
  readonly entries: number;
  readonly constants: readonly { readonly at: number; readonly data: Float32Array }[];
  readonly parameters: BufferNumber | undefined;
  /** Numbers that a step is given, behind the `STAGED_HEAD` of a submission, and numbers that it leaves. */
  readonly staged: number;
  readonly results: number;
  /** The most steps of one submission, and of all whose results were not read yet. */
  readonly mostSteps: number;
  readonly mostResults: number;
  /** Examples that steps gather from, a byte each, if any. */
  readonly examples: BufferNumber | undefined;
}

/** What the GPU's thread is asked to do. All but `run` and `retire` is answered, with bytes where something is read. */
export type Request =
  | { readonly kind: "buffer"; readonly number: BufferNumber; readonly bytes: number }
  | {
    readonly kind: "write";
    readonly number: BufferNumber;
    readonly at: number;
    readonly data: Uint8Array<SharedArrayBuffer>;
  }
  | { readonly kind: "read"; readonly number: BufferNumber; readonly to: Uint8Array<SharedArrayBuffer> }
  | { readonly kind: "release"; readonly number: BufferNumber }
  | { readonly kind: "program"; readonly number: BufferNumber; readonly program: ProgramMessage }
  /** Steps whose numbers stand in shared memory, behind a head. */
  | {
    readonly kind: "run";
    readonly number: BufferNumber;
    readonly steps: number;
    readonly data: Float32Array<SharedArrayBuffer>;
  }
  /** The first results of a program's steps. */
  | {
    readonly kind: "collect";
    readonly number: BufferNumber;
    readonly to: Float32Array<SharedArrayBuffer>;
  }
  /** One step, and the entries that it leaves from a place of the program's memory on. */
  | {
    readonly kind: "call";
    readonly number: BufferNumber;
    readonly data: Float32Array<SharedArrayBuffer>;
    readonly at: number;
    readonly to: Float32Array<SharedArrayBuffer>;
  }
  /** To let go of the GPU, at once, and to sleep. */
  | { readonly kind: "retire" };

/** Numbers at the start of what a submission is given: the first is the place of its first step's results. */
export const STAGED_HEAD = 16;

/** What is known of the adapter. */
export interface AdapterDescription {
  /** Its name, as the driver tells it. */
  readonly name: string;
  /** Whether a processor plays it. */
  readonly isSoftware: boolean;
  readonly largestBuffer: number;
}

/**
 * What the thread is started with: the words by which it answers, and places for what was wrong with a request and for
 * what ended the thread. They are two: it may end while an answer is read.
 */
export interface ThreadData {
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly error: Uint8Array<SharedArrayBuffer>;
  readonly lastWords: Uint8Array<SharedArrayBuffer>;
}

/** How messages begin of what a user can do something about. */
export const LOST = "the GPU was lost", TOO_SMALL = "the GPU's memory is too small";

/**
 * Places among the words: requests answered, submissions taken over, signs of life, whether the thread has ended, and
 * whether it sleeps for good.
 */
export const ANSWERED = 0, TAKEN = 1, BEATS = 2, ENDED = 3, ASLEEP = 4;

const END = new Uint8Array(1);

/** Leaves a message, or nothing, in its place. What does not fit is cut off. */
export function leave(place: Uint8Array<SharedArrayBuffer>, message: string): void {
  const bytes = new TextEncoder().encode(message).subarray(0, place.length - END.length);
  place.set(bytes);
  place.set(END, bytes.length);
}

/** The message in a place. */
export function messageIn(place: Uint8Array<SharedArrayBuffer>): string {
  return new TextDecoder().decode(place.slice(0, place.indexOf(END[0]!)));
}
