/** A reference from one entity to another. */
export interface Reference {
  readonly "@id": string;
}

type Value = string | Reference;

/** A node of the JSON-LD graph. Properties that are undefined or empty lists are not written, lists of one as it. */
export interface Entity extends Reference {
  readonly "@type": string | readonly string[];
  readonly [property: string]: Value | readonly Value[] | undefined;
}

/**
 * The entities of an RO-Crate: flat JSON-LD, in which each thing stands once and is referred to by its identifier.
 * A reference is what `add` returns, so that none leads nowhere.
 */
export class CrateGraph {
  readonly #entities = new Map<string, Entity>();

  /** Adds an entity where there is none of its identifier yet. */
  add(entity: Entity): Reference {
    const { "@id": id } = entity;
    if (!this.#entities.has(id)) this.#entities.set(id, entity);
    return { "@id": id };
  }

  /** The text of `ro-crate-metadata.json`. @param head the entities that stand first */
  write(context: readonly string[], head: readonly Entity[]): string {
    const graph = [...head, ...this.#entities.values()].map(compacted);
    return JSON.stringify({ "@context": context, "@graph": graph }, null, 2) + "\n";
  }
}

/** A path as a relative reference: each name between its slashes is encoded, also a `#` or a `?` in it. */
export function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

function compacted(entity: Entity): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(entity).map(([name, value]) =>
      [name, Array.isArray(value) && value.length < 2 ? value[0] : value] as const
    ),
  );
}
