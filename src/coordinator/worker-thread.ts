import type { EventLoopUtilization } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { type Remote, wrap } from 'comlink';
import type { CodeCache, WorkerData, WorkerJob } from '../instance/protocol.js';
import type { Clock } from '../runtime/clock.js';
import { withDeadline } from '../runtime/deadline.js';
import { GumbyError, toError } from '../runtime/errors.js';
import { installErrorTransfer } from '../runtime/error-transfer.js';
import { nodeEndpoint } from '../runtime/node-endpoint.js';
import { workerFile } from '../runtime/package-directory.js';

/**
 * A small young generation takes a thread from 8.4 to 7.1 MiB and halves the system time of starting it; the old generation
 * is what a module may use before its instance – and no other – is ended.
 */
export const HEAP_YOUNG_MB = 2;
export const HEAP_OLD_MB_DEFAULT = 256;

export interface WorkerThreadInit {
  /** Who this is in messages: `instance 3`. */
  readonly name: string;
  readonly job: WorkerJob;
  /** Makes the thread load in less time. */
  readonly libraryCache?: CodeCache;
  /** Heap limit in MiB. @default HEAP_OLD_MB_DEFAULT */
  readonly heapMb?: number;
  /** Takes what the thread posts outside comlink. */
  readonly onMessage?: (message: unknown) => void;
}

/** A worker thread whose calls cannot hang: each races with the thread's end and with a named time limit. */
export class WorkerThread<Api extends object> {
  readonly name: string;
  /** Resolves when the thread is gone, with the reason when nobody asked it to go. */
  readonly ended: Promise<Error | undefined>;
  readonly #worker: Worker;
  readonly #api: Remote<Api>;
  readonly #clock: Clock;
  #utilizationBefore: EventLoopUtilization | undefined;
  #terminating = false;

  constructor(init: WorkerThreadInit, components: { readonly clock: Clock }) {
    prepareErrorTransfer();
    this.name = init.name;
    this.#clock = components.clock;
    const heapMb = init.heapMb ?? HEAP_OLD_MB_DEFAULT;
    this.#worker = new Worker(workerFile(), {
      name: init.name,
      workerData: workerData(init),
      resourceLimits: { maxYoungGenerationSizeMb: HEAP_YOUNG_MB, maxOldGenerationSizeMb: heapMb },
      // Nothing of a thread may reach the terminal: it replaces these streams with files of its own, so they must not be
      // read either, which would ask the replaced ones for more.
      stdout: true,
      stderr: true,
      execArgv: [],
      trackUnmanagedFds: false,
    });
    this.#api = wrap<Api>(nodeEndpoint(this.#worker));
    const { onMessage } = init;
    if (onMessage !== undefined)
      this.#worker.on('message', (message: object) => {
        // Answers of comlink carry an `id`.
        if (!('id' in message)) onMessage(message);
      });
    this.ended = this.#watch(heapMb);
  }

  /**
   * The share of the time since the last call in which the thread's event loop was busy, from 0 to 1; absent while the loop has
   * not begun.
   */
  takeLoopUtilization(): number | undefined {
    const now = this.#worker.performance.eventLoopUtilization();
    const { utilization } = this.#worker.performance.eventLoopUtilization(now, this.#utilizationBefore);
    this.#utilizationBefore = now;
    return utilization >= 0 && utilization <= 1 ? utilization : undefined;
  }

  /** Sends a one-way message; to a thread that is gone it does nothing. */
  post(message: unknown): void {
    this.#worker.postMessage(message);
  }

  /**
   * Makes a call over comlink.
   * @param what - what is being waited for, as it stands in the message of a failure
   * @param limitMs - `Infinity` where a limit of a whole stage watches over the call
   * @throws GumbyError INSTANCE_LOST when the thread ends first, INSTANCE_TIMEOUT after `limitMs`; what the call itself throws
   */
  async call<T>(what: string, limitMs: number, invoke: (api: Remote<Api>) => Promise<T>): Promise<T> {
    const lost = this.ended.then((reason) => {
      throw reason ?? new GumbyError('INSTANCE_LOST', `${this.name} was ended during ${what}`);
    });
    const expired = () =>
      new GumbyError('INSTANCE_TIMEOUT', `${this.name} did not finish ${what} within ${limitMs / 1000} s`, {
        context: { what, limitMs },
      });
    const answer = Promise.race([invoke(this.#api), lost]);
    return limitMs === Infinity ? answer : withDeadline(this.#clock, { limitMs, expired }, answer);
  }

  /** Ends the thread at once, whatever it is doing; resolves when it is gone. */
  async terminate(): Promise<void> {
    this.#terminating = true;
    await this.#worker.terminate();
    await this.ended;
  }

  async #watch(heapMb: number): Promise<Error | undefined> {
    let thrown: Error | undefined;
    this.#worker.on('error', (error: unknown) => (thrown = toError(error)));
    this.#worker.on('messageerror', (error: Error) => (thrown ??= error));
    const code = await new Promise<number>((resolve) => this.#worker.once('exit', resolve));
    if (this.#terminating) return undefined;
    return this.#reason(code, thrown, heapMb);
  }

  #reason(code: number, thrown: Error | undefined, heapMb: number): Error {
    if (thrown === undefined)
      return new GumbyError('INSTANCE_LOST', `${this.name} ended itself: process.exit(${code}) was called in it`, {
        context: { exitCode: code },
      });
    if ((thrown as { code?: string }).code === 'ERR_WORKER_OUT_OF_MEMORY')
      return new GumbyError(
        'INSTANCE_LOST',
        `${this.name} ran out of memory: its heap reached the limit of ${heapMb} MiB (option instance_memory)`,
        { context: { heapMb } },
      );
    return new GumbyError('INSTANCE_LOST', `${this.name} crashed: ${thrown.message}`, { cause: thrown });
  }
}

function workerData({ job, libraryCache }: WorkerThreadInit): WorkerData {
  return { gumby: job, ...(libraryCache === undefined ? {} : { libraryCache }) };
}

let prepared = false;

function prepareErrorTransfer(): void {
  if (!prepared) installErrorTransfer();
  prepared = true;
}
