import { createHash } from "node:crypto";

/**
 * A stream of pseudo-random numbers with a name.
 *
 * Every consumer (initialisation, shuffling, noise, binarisation, sampling) opens its own stream from the
 * experiment's one seed, so adding a consumer changes no other. Counters (an epoch, a step) open a stream
 * at a point in time without drawing what came before, so a resumed training continues with the same numbers.
 */
export interface RandomStream {
  /** The next number in [0, 1), with 32 random bits. */
  uniform(): number;
  /**
   * The next whole number in [0, bound), without modulo bias.
   *
   * @throws {RangeError} where `bound` is not a whole number from 1 to 2^32
   */
  integer(bound: number): number;
  /** Fills `out` with numbers in [0, 1), and returns it. */
  fillUniform(out: Float32Array): Float32Array;
  /** Fills `out` with standard normal numbers (Box and Muller, 1958), and returns it. */
  fillNormal(out: Float32Array): Float32Array;
  /** 0 .. length-1 in random order (Fisher and Yates). */
  permutation(length: number): Uint32Array;
}

/**
 * The stream of `seed` named `name`, at the given counters.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { randomStream } from "reparam";
 *
 * const noise = randomStream(1, "my noise", 7).fillNormal(new Float32Array(4));
 * assert.deepEqual(noise, randomStream(1, "my noise", 7).fillNormal(new Float32Array(4)));
 * assert.notDeepEqual(noise, randomStream(1, "my noise", 8).fillNormal(new Float32Array(4)));
 * ```
 */
export function randomStream(seed: number, name: string, ...counters: number[]): RandomStream {
  return new Xoshiro(createHash("sha256").update(JSON.stringify([seed, name, ...counters])).digest());
}

/** xoshiro128** 1.1 (Blackman and Vigna, 2018). */
class Xoshiro implements RandomStream {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(state: Uint8Array) {
    const words = new DataView(state.buffer, state.byteOffset);
    this.#a = words.getUint32(0, true) | 1; // the all-zero state is a fixed point
    this.#b = words.getUint32(4, true);
    this.#c = words.getUint32(8, true);
    this.#d = words.getUint32(12, true);
  }

  #next(): number {
    const times5 = Math.imul(this.#b, 5);
    const result = Math.imul((times5 << 7) | (times5 >>> 25), 9);
    const t = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= t;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result >>> 0;
  }

  uniform(): number {
    return this.#next() / 0x100000000;
  }

  integer(bound: number): number {
    if (!Number.isInteger(bound) || bound < 1 || bound > 0x100000000) {
      throw new RangeError(`Cannot draw an integer: bound must be in 1..2^32: it is ${bound}`);
    }
    const limit = 0x100000000 - (0x100000000 % bound);
    let x = this.#next();
    while (x >= limit) x = this.#next();
    return x % bound;
  }

  fillUniform(out: Float32Array): Float32Array {
    // 24 bits: the largest result, 1 - 2^-24, is still below 1 as a float32.
    for (let i = 0; i < out.length; i++) out[i] = (this.#next() >>> 8) / 0x1000000;
    return out;
  }

  fillNormal(out: Float32Array): Float32Array {
    for (let i = 0; i < out.length; i += 2) {
      const radius = Math.sqrt(-2 * Math.log((this.#next() + 1) / 0x100000000));
      const angle = 2 * Math.PI * (this.#next() / 0x100000000);
      out[i] = radius * Math.cos(angle);
      if (i + 1 < out.length) out[i + 1] = radius * Math.sin(angle);
    }
    return out;
  }

  permutation(length: number): Uint32Array {
    const order = Uint32Array.from({ length }, (_, i) => i);
    for (let i = length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const swap = order[i]!;
      order[i] = order[j]!;
      order[j] = swap;
    }
    return order;
  }
}
