import { PortableEngine } from "./engine.ts";
import type { Engine } from "../engine.ts";
import { startPlainBackend } from "./plain_backend.ts";

/** Opens the portable engine, on tfjs's fastest plain backend that loads here. */
export async function open(): Promise<Engine> {
  return new PortableEngine(await startPlainBackend());
}
