/** The part of `deno.lock` (version 5) that is read here. */
interface LockFile {
  readonly specifiers?: Readonly<Record<string, string>>;
  readonly npm?: Readonly<
    Record<
      string,
      { readonly dependencies?: readonly string[]; readonly optionalDependencies?: readonly string[] }
    >
  >;
}

/** Which npm packages stand behind an import, by `deno.json` and `deno.lock`. */
export class Packages {
  readonly #imports: Readonly<Record<string, string>>;
  readonly #specifiers: Readonly<Record<string, string>>;
  readonly #npm: NonNullable<LockFile["npm"]>;
  readonly #idsByName = new Map<string, string[]>();
  readonly #closures = new Map<string, ReadonlySet<string>>();

  constructor(config: { imports?: Record<string, string> }, lock: LockFile) {
    this.#imports = config.imports ?? {};
    this.#specifiers = lock.specifiers ?? {};
    this.#npm = lock.npm ?? {};
    for (const id of Object.keys(this.#npm)) {
      const name = nameOf(id);
      this.#idsByName.set(name, [...this.#idsByName.get(name) ?? [], id]);
    }
  }

  /** What the import map makes of a specifier: `npm:...`, a path, or undefined where it says nothing of it. */
  resolve(specifier: string): string | undefined {
    if (specifier.startsWith("npm:")) return specifier;
    const exact = this.#imports[specifier];
    if (exact !== undefined) return exact;
    const prefix = Object.keys(this.#imports)
      .filter((key) => specifier.startsWith(key.endsWith("/") ? key : `${key}/`))
      .reduce((longest, key) => key.length > longest.length ? key : longest, "");
    return prefix === "" ? undefined : this.#imports[prefix] + specifier.slice(prefix.length);
  }

  /** The version of a package that is a direct dependency, for example of esbuild. */
  versionOf(name: string): string {
    const [id] = this.#directIds(`${this.#imports[name] ?? `npm:${name}`}`);
    return versionOf(id ?? "@unknown");
  }

  /** `name@version` of the package that an `npm:` specifier names and of all that it depends on. */
  closure(specifier: string): ReadonlySet<string> {
    let closure = this.#closures.get(specifier);
    if (!closure) {
      const ids = new Set<string>();
      const visit = (id: string) => {
        if (ids.has(id)) return;
        ids.add(id);
        const { dependencies = [], optionalDependencies = [] } = this.#npm[id] ?? {};
        for (const dependency of [...dependencies, ...optionalDependencies]) {
          this.#ids(dependency).forEach(visit);
        }
      };
      this.#directIds(specifier).forEach(visit);
      closure = ids;
      this.#closures.set(specifier, closure);
    }
    return closure;
  }

  /** name -> version, sorted, of several closures together. */
  static versions(ids: Iterable<string>): Record<string, string> {
    const versions = new Map<string, Set<string>>();
    for (const id of ids) {
      const name = nameOf(id);
      versions.set(name, (versions.get(name) ?? new Set()).add(versionOf(id)));
    }
    return Object.fromEntries(
      [...versions].map(([name, set]): [string, string] => [name, [...set].sort().join(", ")]).sort(),
    );
  }

  #directIds(specifier: string): readonly string[] {
    const wanted = specifier.replace(/^npm:\/?/, "");
    const parts = wanted.split("/");
    const requirement = parts.slice(0, wanted.startsWith("@") ? 2 : 1).join("/");
    const version = this.#specifiers[`npm:${requirement}`];
    return version === undefined ? this.#ids(requirement) : this.#ids(`${nameOf(requirement)}@${version}`);
  }

  /** `name@version`, with or without a suffix for its peers, or a `name` of which there is one version. */
  #ids(dependency: string): readonly string[] {
    if (dependency in this.#npm) return [dependency];
    const all = this.#idsByName.get(nameOf(dependency)) ?? [];
    const version = versionOf(dependency);
    return version === "" ? all : all.filter((id) => versionOf(id) === version);
  }
}

function nameOf(id: string): string {
  const at = id.indexOf("@", 1);
  return at < 0 ? id : id.slice(0, at);
}

/** The version in an id, without the suffix that tells which peers it was resolved with. */
function versionOf(id: string): string {
  const at = id.indexOf("@", 1);
  return at < 0 ? "" : id.slice(at + 1).split("_", 1)[0]!;
}
