import { UserError } from "../base/errors.ts";
import { decodeNpy, encodeNpy, type NpyArray, type NpyData } from "../formats/npy.ts";

/** One kind of file that a stage writes: how a value becomes its bytes, and comes back from them. */
export interface Artifact<Value> {
  /** `stage/path`, as later stages name it. */
  readonly name: string;
  encode(value: Value): Uint8Array<ArrayBuffer>;
  /** @throws {UserError} where the bytes are not such a file. */
  decode(bytes: Uint8Array<ArrayBuffer>): Value;
}

/** Writes an artifact to the outputs of the stage that runs. */
export function writeArtifact<Value>(
  stage: { output(path: string): string },
  { name, encode }: Artifact<Value>,
  value: Value,
): Promise<void> {
  return Deno.writeFile(stage.output(name.slice(name.indexOf("/") + 1)), encode(value));
}

/** Reads an artifact from the inputs of the stage that runs. */
export async function readArtifact<Value>(
  stage: { input(name: string): string },
  { name, decode }: Artifact<Value>,
): Promise<Value> {
  return decode(await Deno.readFile(stage.input(name)));
}

/** An artifact that is text in UTF-8. */
export function textArtifact<Value>(
  name: string,
  { encode, decode }: { encode(value: Value): string; decode(text: string): Value },
): Artifact<Value> {
  return {
    name,
    encode: (value) => new TextEncoder().encode(encode(value)),
    decode: (bytes) => decode(new TextDecoder().decode(bytes)),
  };
}

/** An artifact that is JSON as it is, indented by two spaces. Its type is taken on trust when it is read. */
export function jsonArtifact<Value>(name: string): Artifact<Value> {
  return textArtifact<Value>(name, {
    encode: (value) => JSON.stringify(value, null, 2) + "\n",
    decode: (text) => {
      try {
        return JSON.parse(text);
      } catch (cause) {
        throw new UserError(`Cannot read ${name}: it is no JSON`, { cause });
      }
    },
  });
}

/** An artifact that is one NumPy array, whose values have the type of `Values`. */
export function npyArtifact<Data extends NpyData>(
  name: string,
  // deno-lint-ignore no-explicit-any -- any constructor of the array's type
  Values: abstract new (...values: any) => Data,
): Artifact<NpyArray<Data>> {
  return {
    name,
    encode: encodeNpy,
    decode: (bytes) => {
      const { shape, data } = decodeNpy(bytes, name);
      if (!(data instanceof Values)) {
        throw new UserError(`Cannot read ${name}: its values are not those of a ${Values.name}`);
      }
      return { shape, data };
    },
  };
}
