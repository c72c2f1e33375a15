import { tf } from "./tfjs.ts";

/** tfjs's own sources of random numbers, by the names under which its operations open their scopes. */
const RANDOM = new Set(
  [
    "dropout",
    "multinomial",
    "rand",
    "randomGamma",
    "randomNormal",
    "randomStandardNormal",
    "randomUniform",
    "randomUniformInt",
    "truncatedNormal",
  ].map((name) => `${name}__op`),
);

/**
 * Runs `body`, a step or function under compilation, in which tfjs must not draw random numbers: traced once,
 * they would be frozen into constants, and their seeds are not the experiment's.
 *
 * @throws {Error} where it tries to
 */
export function withoutRandomness<T>(body: () => T): T {
  const engine = tf.engine();
  const startScope = engine.startScope;
  engine.startScope = function (name?: string) {
    if (name !== undefined && RANDOM.has(name)) {
      throw new Error(
        `Cannot use tf.${
          name.slice(0, -"__op".length)
        } in a compiled step: pass the random numbers as an input`,
      );
    }
    startScope.call(engine, name);
  };
  try {
    return body();
  } finally {
    engine.startScope = startScope;
  }
}
