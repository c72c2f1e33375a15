import type { Entry, Setting } from "./contestant.ts";
import type { ModelName } from "./models.ts";

/** Where `peers/setup.sh` installs the Python peers; another Python with PyTorch and JAX can be named. */
const python = Deno.env.get("PEERS_PYTHON") ?? "artifacts/bench-peers/bin/python";

/** `gpu/pack.sh` bundles the benchmark for a machine without a network: there its modules are JavaScript. */
const isBundled = import.meta.url.endsWith(".js");
const typescript = (file: string) => [
  Deno.execPath(),
  "run",
  "-A",
  `bench/peers/${isBundled ? file.replace(".ts", ".js") : file}`,
];

/** Not a competitor: the machine's rate of matrix products, measured in the same rounds. */
export const product: Entry = { name: "product", setting: {}, command: typescript("product.ts") };

/**
 * Everything that each contestant is tried with; the benchmark goes on with the fastest of each name.
 *
 * `pages`: glibc gives large freed blocks back to the system, and every large tensor then faults its pages in
 * again; "kept" tells it not to, which makes PyTorch and JAX up to 1.4 times as fast. A peer is measured at
 * its best.
 */
export function contestants(model: ModelName): Entry[] {
  const machine = { threads: [1, 2], pages: ["released", "kept"] };
  const lstm = model === "lstm" ? { lstm: ["module", "loop"] } : {};
  return [
    { name: "Reparam", setting: {}, command: typescript("reparam.ts") },
    ...tried("PyTorch eager", ["torch_peer.py", "eager"], { ...machine, ...lstm }),
    ...tried("torch.compile", ["torch_peer.py", "compile"], { ...machine, ...lstm }),
    ...tried("JAX", ["jax_peer.py"], machine),
    // One thread: tfjs starts its threaded build in browsers only.
    { name: "tfjs wasm", setting: {}, command: typescript("tfjs_wasm.ts") },
  ];
}

/** Everything that each contestant is tried with on a GPU. PyTorch's step as one CUDA graph is the fastest it can be. */
export function gpuContestants(model: ModelName): Entry[] {
  const lstm = model === "lstm" ? { lstm: ["module"] } : {};
  return [
    { name: "Reparam webgpu", setting: {}, command: typescript("reparam_webgpu.ts") },
    ...[
      ...tried("PyTorch CUDA eager", ["torch_peer.py", "cuda"], { threads: [1], ...lstm }),
      ...tried("PyTorch CUDA graph", ["torch_peer.py", "cuda", "graph"], { threads: [1], ...lstm }),
      ...tried("JAX CUDA", ["jax_peer.py", "cuda"], { threads: [1] }),
    ].map((peer) => ({ ...peer, patience: PEERS_PATIENCE })),
  ];
}

/** The setting `kernels` of the webgpu engine with the kernels that are made for a GPU, whatever computes here. */
export const GPU_KERNELS = "of a GPU";

/**
 * The native engine, and the kernels that are made for a GPU. A software adapter gets others of its own, so that a
 * machine without a GPU sees nothing of these.
 */
export function kernelContestants(model: ModelName): Entry[] {
  const [native] = contestants(model), [webgpu] = gpuContestants(model);
  return [native!, { ...webgpu!, setting: { kernels: GPU_KERNELS } }];
}

/** Seconds that a peer on a GPU may take to start, or for an answer: JAX has been seen to hang. */
const PEERS_PATIENCE = 90;

function tried(name: string, [file, ...args]: string[], options: Record<string, Setting[string][]>): Entry[] {
  return combinations(options).map((setting) => ({
    name,
    setting,
    command: [python, `bench/peers/${file}`, ...args],
    environment: setting["pages"] === "kept"
      ? { GLIBC_TUNABLES: "glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=8589934592" }
      : {},
  }));
}

function combinations(options: Record<string, Setting[string][]>): Setting[] {
  return Object.entries(options).reduce<Setting[]>(
    (settings, [key, values]) => settings.flatMap((s) => values.map((value) => ({ ...s, [key]: value }))),
    [{}],
  );
}
