import type { Job } from "../../pipeline/graph/executors/executor.ts";
import { Controller, type QueueRow } from "../../pipeline/graph/executors/slurm/controller.ts";
import { Mailbox } from "../../pipeline/graph/executors/slurm/handover.ts";
import { sha256 } from "../../pipeline/store/sealed.ts";
import type { Store } from "../../pipeline/store/store.ts";

/** A controller and nodes inside this process: a job is done when the queue is looked at after its submission. */
export class FakeSlurm extends Controller {
  /** Tasks of each array, in order. */
  readonly arrays: number[] = [];
  #pending: { readonly id: string; readonly row: QueueRow }[] = [];
  readonly #store: Store;
  readonly #produce: (job: Job) => Readonly<Record<string, string>>;

  /** @param produce what a job writes: contents by path */
  constructor(store: Store, produce: (job: Job) => Readonly<Record<string, string>>) {
    super();
    this.#store = store;
    this.#produce = produce;
  }

  override submit(args: readonly string[], script: string): Promise<string> {
    this.#count("sbatch");
    const [, ids] = /^set -- (.+)$/m.exec(script)!;
    const comment = args.find((arg) => arg.startsWith("--comment="))!.slice("--comment=".length);
    const array = String(this.arrays.push(ids!.split(" ").length));
    for (const [index, id] of ids!.split(" ").entries()) {
      const row = {
        id: `${array}_${index}`,
        array,
        index,
        state: "COMPLETED",
        reason: "None",
        node: "n1",
        comment,
      };
      this.#pending.push({ id, row });
    }
    return Promise.resolve(array);
  }

  override queue(): Promise<QueueRow[]> {
    this.#count("squeue");
    const done = this.#pending;
    this.#pending = [];
    for (const { id } of done) this.#execute(id);
    return Promise.resolve(done.map(({ row }) => row));
  }

  #execute(id: string): void {
    const mailbox = new Mailbox(this.#store, id);
    const { batch, job } = mailbox.handover!;
    const { output } = this.#store.openWorkplace(id);
    const files = this.#produce(job);
    for (const [path, text] of Object.entries(files)) {
      const target = `${output}/${path}`;
      Deno.mkdirSync(target.slice(0, target.lastIndexOf("/")), { recursive: true });
      Deno.writeTextFileSync(target, text);
    }
    const facts = {
      started: new Date().toISOString(),
      seconds: 1,
      machine: { node: "n1" },
      recorded: {},
      notices: [],
    };
    const outputs = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, sha256(text)]));
    mailbox.putResult({ batch, node: "n1", facts, outputs });
  }

  #count(command: string): void {
    this.calls[command] = (this.calls[command] ?? 0) + 1;
  }
}
