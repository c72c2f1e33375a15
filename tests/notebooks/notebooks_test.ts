import assert from "node:assert/strict";
import { join } from "node:path";
import { ROOT } from "../graph/toy_project.ts";
import { temporaryFolder } from "../store/temporary.ts";
import { hasPython, python } from "../support/python.ts";
import { sharedFolder } from "../support/shared_folder.ts";

/** Where the experiments of all notebooks are. */
const home = sharedFolder();

interface Notebook {
  readonly cells: readonly {
    readonly cell_type: string;
    readonly source: readonly string[];
    readonly outputs?: readonly unknown[];
    readonly execution_count?: number | null;
  }[];
}

const FOLDER = join(ROOT, "notebooks");
const NAMES = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).filter((name) => name.endsWith(".ipynb"));

const SMALL = '"model.encoder.units": [16], "model.decoder.units": [16], "training.epochs": 2, ' +
  '"evaluation.importanceSamples": 5, "evaluation.importanceExamples": 5, "evaluation.probe": false';

/** Small enough for seconds; set where a notebook's cell with the tag `parameters` says what may be set. */
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  "paper.ipynb": [
    `musicSpec = "../experiments/music-dense.json"`,
    `digitsSpec = "../experiments/quick.json"`,
    `digitsSet = {
      ${SMALL}, "dataset.split.train.count": 100, "dataset.split.test.count": 100,
      "dataset.split.validation.count": 20,
      figures: { show: ["manifold", "latent-scatter", "learning-curves"], scatterPoints: 100 },
    }`,
    `musicSet = {
      ${SMALL}, "dataset.windows": { length: 16, hop: 64 },
      "dataset.representation": { lowestPitch: 60, pitches: 12 }, "dataset.split": { validation: 0 },
      figures: { show: ["prior-samples"], samples: 2 },
    }`,
  ],
  "explore.ipynb": [
    `set = {
      ${SMALL}, "dataset.split.train.count": 100, "dataset.split.test.count": 30,
      "dataset.split.validation.count": 20,
      figures: { show: ["latent-scatter"], scatterPoints: 30 },
    }`,
  ],
};

/** What the cells of a notebook show, beside the curves of what is trained. */
const SHOWN: Readonly<Record<string, { readonly drawings: number; readonly sounds: number }>> = {
  "paper.ipynb": { drawings: 7, sounds: 1 },
  "explore.ipynb": { drawings: 3, sounds: 0 },
};

Deno.test("notebooks stand in git without outputs", () => {
  assert.deepEqual(NAMES.sort(), Object.keys(PARAMETERS).sort());
  for (const name of NAMES) {
    const { cells }: Notebook = JSON.parse(Deno.readTextFileSync(join(FOLDER, name)));
    for (
      const { cell_type, outputs, execution_count } of cells.filter(({ cell_type }) => cell_type === "code")
    ) {
      assert.deepEqual([outputs, execution_count], [[], null], `${name}: ${cell_type}`);
    }
  }
});

/**
 * Executes a notebook as a Jupyter would, with a cell after the one that says what may be set, and prints its outputs.
 * The kernel may tell that it is idle before it has told its result, which nbclient then passes over: so all messages
 * are collected, and the last ones waited for.
 */
const EXECUTE = `
import json, os, queue, sys
path, given, folder = sys.argv[1:]
os.environ.update(JUPYTER_PATH=f"{folder}/jupyter", JUPYTER_RUNTIME_DIR=folder)
from jupyter_client.manager import start_new_kernel
cells = [cell for cell in json.load(open(path))["cells"] if cell["cell_type"] == "code"]
at = next(i for i, cell in enumerate(cells) if "parameters" in cell["metadata"].get("tags", []))
cells.insert(at + 1, {"source": [given]})
manager, client = start_new_kernel(kernel_name="deno", cwd=os.path.dirname(path))
try:
    for cell in cells:
        client.execute("".join(cell["source"]))
        reply = client.get_shell_msg(timeout=300)["content"]
        assert reply["status"] == "ok", reply
    outputs = []
    try:
        while True:
            message = client.get_iopub_msg(timeout=3)
            outputs.append({"output_type": message["msg_type"], **message["content"]})
    except queue.Empty:
        pass
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
print(json.dumps(outputs))
`;

interface Output {
  readonly output_type: string;
  readonly data?: Readonly<Record<string, string>>;
}

async function outputsOf(name: string): Promise<readonly Output[]> {
  await using folder = await temporaryFolder();
  const kernel = join(folder.path, "jupyter/kernels/deno");
  await Deno.mkdir(kernel, { recursive: true });
  const argv = [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"];
  await Deno.writeTextFile(
    join(kernel, "kernel.json"),
    JSON.stringify({ argv, display_name: "Deno", language: "typescript" }),
  );
  const given = [`places = { root: ${JSON.stringify(home())} }`, ...PARAMETERS[name]!].join(";\n");
  const { stdout, stderr } = python(["-c", EXECUTE, join(FOLDER, name), given, folder.path]);
  const text = new TextDecoder().decode(stdout);
  assert(text !== "", new TextDecoder().decode(stderr));
  return JSON.parse(text);
}

const isRunnable = hasPython("jupyter_client");

for (const name of NAMES) {
  Deno.test({
    name: `${name} runs from top to bottom, and shows its figures`,
    ignore: !isRunnable,
    async fn() {
      const outputs = await outputsOf(name);
      assert.deepEqual(outputs.filter(({ output_type }) => output_type === "error"), []);
      const said = outputs.map(({ data }) => data?.["text/markdown"] ?? "").join("\n");
      assert.match(said, /test loss \d+\.\d\d nats/);
      const drawingsOf = (type: string) =>
        outputs.filter(({ output_type }) => output_type === type).flatMap(({ data }) =>
          data?.["image/svg+xml"] ?? []
        );
      const results = drawingsOf("execute_result");
      assert.equal(results.length, SHOWN[name]!.drawings);
      const curves = drawingsOf("display_data");
      assert(curves.length >= 1 && curves.every((svg) => svg.includes("epoch")), "the curve of a training");
      for (const svg of [...results, ...curves]) assert.match(svg, /^<svg [^]*<\/svg>\s*$/);
      const heard = outputs.flatMap(({ data }) => data?.["text/html"] ?? []);
      assert.equal(heard.length, SHOWN[name]!.sounds);
      for (const html of heard) {
        const [, encoded] = /src="data:audio\/wav;base64,([^"]+)"/.exec(html)!;
        const wav = Uint8Array.fromBase64(encoded!);
        assert.equal(new TextDecoder().decode(wav.subarray(0, 4)), "RIFF");
        assert.equal(new DataView(wav.buffer).getUint32(4, true), wav.length - 8);
        assert(wav.subarray(44).some((byte) => byte !== 0), "silence");
      }
    },
  });
}
