/** A stage of one cell, which begins when those before it are seen to have ended. */
export interface SimulatedStage {
  readonly seconds: number;
  /** Numbers of the stages that it waits for. */
  readonly after: readonly number[];
  /** Of those that wait, the highest begins first. */
  readonly rank: number;
}

/** How a workflow system submits and notices, in seconds. */
export interface Policy {
  readonly name: string;
  /** What a call of `sbatch` takes, one after the other. */
  readonly submit: number;
  /** What each job adds to that: files that are written for it, checks. */
  readonly submitEach: number;
  /** Whether jobs that are ready together go in one call, and how many at most. */
  readonly together: number;
  /** Most jobs that are queued or running at the same time. */
  readonly mostJobs: number;
  /**
   * From a look at the queue to the next; left out, an end is known at once.
   * @param jobs queued or running @param quiet looks since a job was seen to end
   */
  readonly interval?: (jobs: number, quiet: number) => number;
  /** What a job spends on the node before it does its work: the start of its program. */
  readonly start: number;
}

/** What a simulation comes to. */
export interface Simulated {
  /** From the first submission to the end of the last job that is noticed. */
  readonly seconds: number;
  readonly submissions: number;
  /** Looks at the queue. */
  readonly looks: number;
}

interface Event {
  readonly time: number;
  readonly act: () => void;
}

/**
 * Plays a workflow on a cluster, event by event. Slurm begins the job with the highest rank on a free slot, a moment
 * (`latency`) after both are there.
 */
export function simulate(
  stages: readonly SimulatedStage[],
  { slots, latency }: { readonly slots: number; readonly latency: number },
  policy: Policy,
): Simulated {
  const events = new Heap<Event>((a, b) => a.time - b.time);
  const at = (time: number, act: () => void) => events.push({ time, act });
  const left = stages.map(({ after }) => after.length);
  const waiters = stages.map((): number[] => []);
  stages.forEach(({ after }, i) => after.forEach((before) => waiters[before]!.push(i)));
  const higher = (a: number, b: number) => stages[b]!.rank - stages[a]!.rank || a - b;
  const ready = new Heap<number>(higher);
  const queue = new Heap<number>(higher);
  const ended: number[] = [];
  let [now, free, active, done, submissions, looks, quiet] = [0, slots, 0, 0, 0, 0, 0];
  let isSubmitting = false;
  let isWatching = false;

  function submit(): void {
    if (isSubmitting || ready.size === 0 || active >= policy.mostJobs) return;
    isSubmitting = true;
    const count = Math.min(ready.size, policy.together, policy.mostJobs - active);
    const jobs = Array.from({ length: count }, () => ready.pop()!);
    active += count;
    submissions++;
    at(now + policy.submit + count * policy.submitEach, () => {
      isSubmitting = false;
      for (const job of jobs) queue.push(job);
      begin();
      submit();
      watch();
    });
  }

  function begin(): void {
    for (; free > 0 && queue.size > 0; free--) {
      const job = queue.pop()!;
      at(now + latency + policy.start + stages[job]!.seconds, () => {
        free++;
        ended.push(job);
        if (!policy.interval) look();
        begin();
      });
    }
  }

  function watch(): void {
    if (isWatching || !policy.interval) return;
    isWatching = true;
    at(now + policy.interval(active, quiet), look);
  }

  function look(): void {
    looks++;
    quiet = ended.length > 0 ? 0 : quiet + 1;
    for (const job of ended.splice(0)) {
      active--;
      done++;
      for (const next of waiters[job]!) if (--left[next]! === 0) ready.push(next);
    }
    isWatching = false;
    submit();
    if (active > 0) watch();
  }

  left.forEach((count, i) => count === 0 && ready.push(i));
  submit();
  while (events.size > 0) {
    const { time, act } = events.pop()!;
    now = time;
    act();
  }
  if (done !== stages.length) throw new Error(`${stages.length - done} stages were never done`);
  return { seconds: now, submissions, looks };
}

/** What comes first by an order is taken first. */
class Heap<T> {
  readonly #items: T[] = [];

  constructor(readonly order: (a: T, b: T) => number) {}

  get size(): number {
    return this.#items.length;
  }

  push(item: T): void {
    const items = this.#items;
    let i = items.push(item) - 1;
    for (let parent; i > 0 && this.order(items[i]!, items[parent = (i - 1) >> 1]!) < 0; i = parent) {
      [items[i], items[parent]] = [items[parent]!, items[i]!];
    }
  }

  pop(): T | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (items.length === 0) return first;
    items[0] = last!;
    for (let i = 0, child; (child = 2 * i + 1) < items.length; i = child) {
      if (child + 1 < items.length && this.order(items[child + 1]!, items[child]!) < 0) child++;
      if (this.order(items[i]!, items[child]!) <= 0) break;
      [items[i], items[child]] = [items[child]!, items[i]!];
    }
    return first;
  }
}
