import { RECORD } from "../wgsl/record.ts";
import { type BufferNumber, type ProgramMessage, STAGED_HEAD } from "./messages.ts";
import type { GpuQueue } from "./queue.ts";

/** A program on the GPU. */
export class GpuProgram {
  readonly memory: GPUBuffer;
  readonly results: GPUBuffer;
  readonly #device: GPUDevice;
  readonly #message: ProgramMessage;
  readonly #own: GPUBuffer[];
  readonly #staged: GPUBuffer;
  readonly #group: GPUBindGroup;
  readonly #pipelines: GPUComputePipeline[];
  readonly #recordBytes: number;

  constructor(
    device: GPUDevice,
    message: ProgramMessage,
    buffers: ReadonlyMap<BufferNumber, GPUBuffer>,
    newBuffer: (bytes: number) => GPUBuffer,
  ) {
    this.#device = device;
    this.#message = message;
    const { entries, staged, mostSteps, mostResults, records } = message;
    this.memory = newBuffer(entries * 4);
    this.#staged = newBuffer((STAGED_HEAD + staged * mostSteps) * 4);
    this.results = newBuffer(message.results * mostResults * 4);
    this.#recordBytes = Math.max(RECORD * 4, device.limits.minUniformBufferOffsetAlignment);
    const rows = records.length / RECORD;
    const uniforms = device.createBuffer({
      size: rows * this.#recordBytes,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
    const padded = new Uint32Array(rows * this.#recordBytes / 4);
    for (let row = 0; row < rows; row++) {
      padded.set(records.subarray(row * RECORD, (row + 1) * RECORD), row * this.#recordBytes / 4);
    }
    device.queue.writeBuffer(uniforms, 0, padded);
    const [nothing, none] = [newBuffer(16), newBuffer(16)];
    const parameters = message.parameters === undefined ? nothing : buffers.get(message.parameters)!;
    const examples = message.examples === undefined ? none : buffers.get(message.examples)!;
    this.#own = [this.memory, this.#staged, this.results, uniforms, nothing, none];
    for (const { at, data } of message.constants) {
      device.queue.writeBuffer(this.memory, at * 4, data as Float32Array<ArrayBuffer>);
    }
    const storage = (binding: number, type: GPUBufferBindingType): GPUBindGroupLayoutEntry => ({
      binding,
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type },
    });
    const layout = device.createBindGroupLayout({
      entries: [
        storage(0, "storage"),
        storage(1, "storage"),
        storage(2, "read-only-storage"),
        storage(3, "read-only-storage"),
        storage(4, "storage"),
        {
          binding: 5,
          visibility: GPUShaderStage.COMPUTE,
          buffer: { type: "uniform", hasDynamicOffset: true, minBindingSize: RECORD * 4 },
        },
      ],
    });
    this.#group = device.createBindGroup({
      layout,
      entries: [
        ...[this.memory, parameters, this.#staged, examples, this.results].map((buffer, binding) => ({
          binding,
          resource: { buffer },
        })),
        { binding: 5, resource: { buffer: uniforms, size: RECORD * 4 } },
      ],
    });
    const pipelineLayout = device.createPipelineLayout({ bindGroupLayouts: [layout] });
    this.#pipelines = message.kernels.map((code) =>
      device.createComputePipeline({
        layout: pipelineLayout,
        compute: { module: device.createShaderModule({ code }), entryPoint: "main" },
      })
    );
  }

  /**
   * Hands steps over once those before are done. By then all is ready, so the GPU hardly waits for them; and what was
   * handed over is never much, so an interruption hardly waits for the GPU.
   *
   * @param taken called when the steps' numbers were copied
   */
  async run(
    queue: GpuQueue,
    { steps, data }: { readonly steps: number; readonly data: Float32Array<SharedArrayBuffer> },
    taken: () => void,
  ): Promise<void> {
    // What is written takes its turn behind what was submitted.
    if (data.length > 0) queue.write(this.#staged, 0, data);
    taken();
    const encoder = this.#device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (let step = 0; step < steps; step++) this.encode(pass, step);
    pass.end();
    const commands = encoder.finish();
    await queue.settle();
    queue.submit(commands);
  }

  /** Adds a step's dispatches to a pass. @param from the first of them @param to behind the last */
  encode(pass: GPUComputePassEncoder, step: number, from = 0, to = this.#message.dispatches.length): void {
    let current = -1;
    for (let i = from; i < to; i++) {
      const { kernel, groups, record, perStep } = this.#message.dispatches[i]!;
      if (kernel !== current) pass.setPipeline(this.#pipelines[current = kernel]!);
      if (record !== undefined) {
        pass.setBindGroup(0, this.#group, [(perStep ? record + step : record) * this.#recordBytes]);
      } else if (i === from) pass.setBindGroup(0, this.#group, [0]);
      pass.dispatchWorkgroups(...groups);
    }
  }

  dispose(): void {
    for (const buffer of this.#own) buffer.destroy();
  }
}
