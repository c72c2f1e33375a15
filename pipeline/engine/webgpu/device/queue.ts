/** The bytes that are read at once. */
const PIECE_BYTES = 2 ** 23;

/**
 * The queue of a GPU: what is computed there, and how one hears of it.
 *
 * Deno 2.9.6 waits for the GPU inside of each call that promises something of it (`mapAsync`, `onSubmittedWorkDone`),
 * and then sleeps for 10 ms before it keeps the promise. So what was waited for is there when the call returns: it is
 * looked for then, and the promise is the way for those who do not wait. And nothing is asked for while the GPU could
 * be given more, or it would run dry.
 */
export class GpuQueue {
  readonly #device: GPUDevice;
  readonly #staging: GPUBuffer;
  readonly #mark: GPUBuffer;
  /** Whether something was submitted that nobody waited for. */
  #isBusy = false;

  private constructor(device: GPUDevice, staging: GPUBuffer) {
    this.#device = device;
    this.#staging = staging;
    this.#mark = device.createBuffer({ size: 4, usage: GPUBufferUsage.COPY_SRC });
  }

  static async open(device: GPUDevice): Promise<GpuQueue> {
    const { MAP_READ, COPY_DST } = GPUBufferUsage;
    const staging = device.createBuffer({ size: PIECE_BYTES, usage: MAP_READ | COPY_DST });
    // Deno panics where a buffer's range is asked for before a promise of its mapping was kept once.
    await staging.mapAsync(GPUMapMode.READ);
    staging.unmap();
    return new GpuQueue(device, staging);
  }

  write(to: GPUBuffer, at: number, data: ArrayBufferView): void {
    this.#device.queue.writeBuffer(to, at, data as ArrayBufferView<ArrayBuffer>);
  }

  submit(commands: GPUCommandBuffer): void {
    this.#device.queue.submit([commands]);
    this.#isBusy = true;
  }

  /** Waits until all that was submitted is done. */
  async settle(): Promise<void> {
    if (this.#isBusy) await this.read(this.#mark, 0, new Uint8Array(4));
  }

  /** Entries of a buffer once all that was submitted is done. @param at the first byte, a multiple of 4 */
  async read(from: GPUBuffer, at: number, to: Uint8Array): Promise<void> {
    for (let done = 0; done < to.length; done += PIECE_BYTES) {
      await this.#readPiece(from, at + done, to.subarray(done, done + PIECE_BYTES));
    }
  }

  async #readPiece(from: GPUBuffer, at: number, to: Uint8Array): Promise<void> {
    const encoder = this.#device.createCommandEncoder();
    encoder.copyBufferToBuffer(from, at, this.#staging, 0, to.length);
    this.#device.queue.submit([encoder.finish()]);
    const mapping = this.#staging.mapAsync(GPUMapMode.READ, 0, to.length);
    let range = this.#mappedRange(to.length);
    if (range) mapping.catch(() => {}); // it is unmapped before anybody is told
    else {
      await mapping;
      range = this.#staging.getMappedRange(0, to.length);
    }
    this.#isBusy = false;
    to.set(new Uint8Array(range));
    this.#staging.unmap();
  }

  /** What was mapped, if it is there already. */
  #mappedRange(bytes: number): ArrayBuffer | undefined {
    try {
      return this.#staging.getMappedRange(0, bytes);
    } catch {
      return undefined;
    }
  }
}
