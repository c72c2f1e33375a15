import { PROCESSOR, SYSTEM } from "../../../base/package_files.ts";

/**
 * ONNX Runtime's C API through Deno's FFI: the shared library that the npm package `onnxruntime-node` carries for
 * each system. (The package's own binding copies every output and blocks the thread that calls it.)
 *
 * The API is a table of function pointers that only ever grows at its end, so an index, once published in
 * `onnxruntime_c_api.h`, keeps its meaning.
 */

/** The version of the table that is asked for: the oldest that has everything used here. */
const API_VERSION = 17;

const SIGNATURES = {
  GetErrorMessage: [2, ["pointer"], "pointer"],
  CreateEnv: [3, ["i32", "buffer", "buffer"], "pointer"],
  CreateSessionFromArray: [8, ["pointer", "buffer", "usize", "pointer", "buffer"], "pointer"],
  // Its pointers are passed as numbers, so that any thread can make the call.
  Run: [9, ["usize", "usize", "usize", "usize", "usize", "usize", "usize", "usize"], "pointer"],
  CreateSessionOptions: [10, ["buffer"], "pointer"],
  DisableMemPattern: [17, ["pointer"], "pointer"],
  SetSessionGraphOptimizationLevel: [23, ["pointer", "i32"], "pointer"],
  SetIntraOpNumThreads: [24, ["pointer", "i32"], "pointer"],
  SetInterOpNumThreads: [25, ["pointer", "i32"], "pointer"],
  CreateTensorWithDataAsOrtValue: [
    49,
    ["pointer", "buffer", "usize", "buffer", "usize", "i32", "buffer"],
    "pointer",
  ],
  CreateCpuMemoryInfo: [69, ["i32", "i32", "buffer"], "pointer"],
  ReleaseStatus: [93, ["pointer"], "void"],
  ReleaseSession: [95, ["pointer"], "void"],
  ReleaseValue: [96, ["pointer"], "void"],
  ReleaseSessionOptions: [100, ["pointer"], "void"],
  AddSessionConfigEntry: [130, ["pointer", "buffer", "buffer"], "pointer"],
} as const satisfies Record<string, readonly [number, readonly Deno.NativeType[], Deno.NativeResultType]>;

type Signatures = typeof SIGNATURES;
type Functions = {
  readonly [Name in keyof Signatures]: (...args: Argument[]) => Result<Signatures[Name][2]>;
};
type Argument = Deno.PointerValue | BufferSource | number | bigint;
type Result<R> = R extends "pointer" ? Deno.PointerValue : void;

/** The library, loaded. */
export interface Library {
  readonly version: string;
  readonly api: Functions;
  /** Throws the error of a status that is not null, and releases it. */
  check(status: Deno.PointerValue): void;
}

/** The shared library's path inside the npm package. Throws where that is not there or has none for this system. */
function libraryPath(): string {
  const { os } = Deno.build;
  const entry = import.meta.resolve("onnxruntime-node");
  // What is not in node_modules is resolved to the address that it would be fetched from.
  if (!entry.startsWith("file:")) {
    throw new Error(
      "ONNX Runtime's package, onnxruntime-node, is not in node_modules: `deno install` fetches it",
    );
  }
  const file = {
    linux: "libonnxruntime.so.1",
    darwin: "libonnxruntime.1.dylib",
    windows: "onnxruntime.dll",
  }[os as string];
  if (file === undefined) throw new Error(`ONNX Runtime comes without a library for ${os}`);
  const url = new URL(`../bin/napi-v6/${SYSTEM}/${PROCESSOR}/${file}`, entry);
  const path = decodeURIComponent(url.pathname);
  return os === "windows" ? path.slice(1) : path;
}

let library: Library | undefined;

/** Loads the library, once per thread. Throws where that is not possible: no file, no permission, too old. */
export function openLibrary(): Library {
  return library ??= load();
}

function load(): Library {
  const { symbols } = Deno.dlopen(libraryPath(), { OrtGetApiBase: { parameters: [], result: "pointer" } });
  const base = new Deno.UnsafePointerView(symbols.OrtGetApiBase()!);
  const getApi = new Deno.UnsafeFnPointer(base.getPointer(0)!, { parameters: ["u32"], result: "pointer" });
  const getVersion = new Deno.UnsafeFnPointer(base.getPointer(8)!, { parameters: [], result: "pointer" });
  const version = text(getVersion.call());
  const table = getApi.call(API_VERSION);
  if (table === null) {
    throw new Error(`ONNX Runtime ${version} is too old: its API has no version ${API_VERSION}`);
  }
  const pointers = new Deno.UnsafePointerView(table);
  const api = Object.fromEntries(
    Object.entries(SIGNATURES).map(([name, [index, parameters, result]]) => {
      const pointer = new Deno.UnsafeFnPointer(pointers.getPointer(index * 8)!, { parameters, result });
      return [name, (...args: unknown[]) => pointer.call(...args as never)];
    }),
  ) as unknown as Functions;
  const check = (status: Deno.PointerValue) => {
    if (status === null) return;
    const message = text(api.GetErrorMessage(status));
    api.ReleaseStatus(status);
    throw new Error(`ONNX Runtime: ${message}`);
  };
  return { version, api, check };
}

function text(pointer: Deno.PointerValue): string {
  return pointer === null ? "" : new Deno.UnsafePointerView(pointer).getCString();
}

/** A zero-terminated string for a C function. */
export function cString(value: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${value}\0`);
}

/**
 * The arguments of a call of `Run`: session, options, input names, input values, number of inputs, output names, number
 * of outputs, output values.
 */
export type CallAddresses = readonly bigint[];

/** Makes the call whose `addresses` these are; whoever gave them keeps that call alive. */
export function runAt(addresses: CallAddresses): void {
  const { api, check } = openLibrary();
  check(api.Run(...addresses));
}
