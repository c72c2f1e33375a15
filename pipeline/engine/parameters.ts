import type { Parameters } from "./engine.ts";
import type { Shape } from "../base/shape.ts";
import { sizeOf } from "../base/shape.ts";
import type { tf } from "./tfjs.ts";
import { checkGroups, groupsOf } from "./update/groups.ts";
import { sectionsOf, VALUES } from "./update/kernel.ts";
import type { Optimiser, VariableGroup } from "./update/rule.ts";

/**
 * What parameters are in every back end: names, checks and saved states. Where the numbers lie is the back end's
 * affair. Each variable has one tensor in each section: its values, and the optimiser's slots.
 */
export abstract class ParameterStore implements Parameters {
  readonly names: readonly string[];
  readonly sections: readonly string[];
  /** The players of a step: where nobody asked for several, all variables are one. */
  readonly groups: readonly Required<VariableGroup>[];
  /** Updates made so far. */
  step = 0;
  readonly #shapes: ReadonlyMap<string, Shape>;
  #disposed = false;

  /** Leaves it to the back end to take over the variables' values. */
  constructor(readonly variables: readonly tf.Variable[], readonly optimiser: Optimiser | undefined) {
    if (optimiser) checkOptimiser(optimiser);
    const shapes = new Map<string, Shape>();
    for (const { name, dtype, shape } of variables) {
      if (dtype !== "float32") {
        throw new TypeError(`Cannot train variable "${name}": its type is ${dtype}, not float32`);
      }
      if (shapes.has(name)) throw new Error(`Cannot hold two variables named "${name}"`);
      shapes.set(name, shape.slice());
    }
    this.#shapes = shapes;
    this.names = [...shapes.keys()];
    this.sections = sectionsOf(optimiser);
    this.groups = groupsOf(optimiser ?? {}, this.names);
    checkGroups(this.groups, this.names);
  }

  /** A copy of a section of one variable, in the variable's own layout. */
  protected abstract read(section: string, name: string): Float32Array;

  /** @param entries as many as the variable has, in its own layout */
  protected abstract write(section: string, name: string, entries: Float32Array): void;

  shape(name: string): Shape {
    const shape = this.#shapes.get(name);
    if (!shape) throw new Error(`There is no parameter "${name}": there are ${this.names.join(", ")}`);
    return shape;
  }

  get(name: string): Float32Array {
    this.assertAlive();
    this.shape(name);
    return this.read(VALUES, name);
  }

  /** A copy like that of `get`, which can be had after `dispose` too: a tfjs variable may stand for it longer. */
  latest(name: string): Float32Array {
    return this.read(VALUES, name);
  }

  set(name: string, value: Float32Array): void {
    this.assertAlive();
    const shape = this.shape(name), size = sizeOf(shape);
    if (value.length !== size) {
      throw new RangeError(
        `Cannot set "${name}": it has ${size} values (shape [${shape}]), not ${value.length}`,
      );
    }
    this.write(VALUES, name, value);
  }

  saveState(): Record<string, Float32Array> {
    this.assertAlive();
    const state: Record<string, Float32Array> = { step: Float32Array.of(this.step) };
    for (const { section, name, key } of this.#entries()) state[key] = this.read(section, name);
    return state;
  }

  restoreState(state: Readonly<Record<string, Float32Array>>): void {
    this.assertAlive();
    const step = state.step?.[0];
    if (step === undefined || !Number.isSafeInteger(step) || step < 0) {
      throw new Error("Cannot restore: the state has no step count");
    }
    // All or nothing: check everything before anything is written.
    const entries = this.#entries();
    for (const { name, key } of entries) {
      const length = state[key]?.length, size = sizeOf(this.shape(name));
      if (length !== size) {
        throw new Error(`Cannot restore: "${key}" should have ${size} values, and has ${length ?? "none"}`);
      }
    }
    for (const { section, name, key } of entries) this.write(section, name, state[key]!);
    this.step = step;
  }

  /** What a saved state holds of the variables. */
  #entries(): { section: string; name: string; key: string }[] {
    return this.names.flatMap((name) =>
      this.sections.map((section) => ({ section, name, key: `${section}/${name}` }))
    );
  }

  assertAlive(): void {
    if (this.#disposed) throw new Error("Cannot use parameters after their engine was disposed of");
  }

  dispose(): void {
    this.#disposed = true;
  }
}

function checkOptimiser({ weightDecay, clipNorm }: Optimiser): void {
  if (!(weightDecay >= 0)) {
    throw new RangeError(`Cannot train: weight decay must be >= 0: it is ${weightDecay}`);
  }
  if (clipNorm !== undefined && !(clipNorm > 0)) {
    throw new RangeError(`Cannot train: clipNorm must be > 0: it is ${clipNorm}`);
  }
}
