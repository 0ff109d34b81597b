import type { EventLoopUtilization } from 'node:perf_hooks';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { type Remote, wrap } from 'comlink';
import type { CodeCache } from '../../protocol/module-protocol.js';
import type { WorkerData, WorkerJob } from '../../protocol/worker-data.js';
import type { Clock } from '../../runtime/clock.js';
import { describeValue } from '../../runtime/describe-value.js';
import { boundedCall } from '../../runtime/bounded-call.js';
import { GumbyError, toError } from '../../runtime/errors.js';
import { installErrorTransfer } from '../../runtime/error-transfer.js';
import { type FramedPort, framedPort } from '../../runtime/framed-port.js';
import { workerFile } from '../../runtime/package-directory.js';
import { noteBlockedThread } from './blocked-threads.js';
import { plausibleUtilization } from './loop-utilization.js';
import { keepIdleHeaps } from './keep-idle-heaps.js';

/**
 * A small young generation takes a thread from 8.4 to 7.1 MiB and halves the system time of starting it; the old generation
 * is what a module may use before its instance – and no other – is ended.
 */
export const HEAP_YOUNG_MB = 2;
export const HEAP_OLD_MB_DEFAULT = 256;
/** No thread that can be ended takes longer to end, also where hundreds end at once. */
const TERMINATE_LIMIT_MS = 15_000;
/** The young generation of a thread of many instances: a larger one means fewer collections, but V8's default takes 24 MiB more. */
const HEAP_YOUNG_SHARED_MB = 24;

export interface WorkerThreadInit {
  /** The name of the thread in messages: `instance 3`. */
  readonly name: string;
  readonly job: WorkerJob;
  /** The code cache of the library, with which the thread loads in less time. */
  readonly libraryCache?: CodeCache;
  /** Heap limit in MiB. @default HEAP_OLD_MB_DEFAULT */
  readonly heapMb?: number;
  /** The text behind the option's name in a message about the heap limit: `, 32 MiB for each of its instances`. @default empty */
  readonly heapShare?: string;
  /** Whether many instances share the thread, and with it a young generation that is worth having. @default false */
  readonly isShared?: boolean;
  /** Takes the one-way messages of the thread. They may be anything, and are to be checked. */
  readonly onMessage?: (message: unknown) => void;
  /** Is told of a message that is none of ours: a message that is no frame, or one that a module posted to its parent. */
  readonly onForeignMessage?: (problem: string) => void;
  /** Told when the thread is to end and nothing can end it; it is given up then, and counts as ended. */
  readonly onBlocked?: (error: Error) => void;
}

/** A worker thread whose calls cannot hang: each races with the thread's end and with a named time limit. */
export class WorkerThread<Api extends object> {
  readonly name: string;
  /** Resolves when the thread is gone, with the reason when nobody asked it to go. */
  readonly ended: Promise<Error | undefined>;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #frames: FramedPort;
  readonly #api: Remote<Api>;
  readonly #clock: Clock;
  #utilizationBefore: EventLoopUtilization | undefined;
  /** A clause about how the limit of the heap comes about, where the heap is not one instance's alone. */
  readonly #heapShare: string;
  #termination: Promise<void> | undefined;
  #onBlocked!: (error: Error) => void;

  constructor(init: WorkerThreadInit, components: { readonly clock: Clock }) {
    prepareErrorTransfer();
    this.name = init.name;
    this.#clock = components.clock;
    this.#heapShare = init.heapShare ?? '';
    const heapMb = init.heapMb ?? HEAP_OLD_MB_DEFAULT;
    const isShared = init.isShared === true;
    keepIdleHeaps(!isShared);
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#worker = new Worker(workerFile(), {
      name: init.name,
      workerData: workerData(init, port2),
      transferList: [port2],
      resourceLimits: {
        maxYoungGenerationSizeMb: isShared ? HEAP_YOUNG_SHARED_MB : HEAP_YOUNG_MB,
        maxOldGenerationSizeMb: heapMb,
      },
      // Output of a thread must not reach the terminal. The thread replaces these streams with files of its own, so they
      // must not be read here either: reading would ask the replaced streams for more.
      stdout: true,
      stderr: true,
      execArgv: [],
      trackUnmanagedFds: false,
    });
    const { onMessage, onForeignMessage } = init;
    this.#frames = framedPort(port1, {
      ...(onMessage && { onMessage }),
      ...(onForeignMessage && { onInvalid: onForeignMessage }),
    });
    this.#api = wrap<Api>(this.#frames.calls);
    this.#worker.on('message', (message) =>
      onForeignMessage?.(`${describeValue(message)} was posted on parentPort, where nobody reads`),
    );
    const blocked = new Promise<undefined>((resolve) => {
      this.#onBlocked = (error) => {
        init.onBlocked?.(error);
        resolve(undefined);
      };
    });
    this.ended = Promise.race([this.#watch(heapMb), blocked]);
  }

  /**
   * The share of the time since the last call in which the thread's event loop was busy, from 0 to 1; absent while the loop has
   * not begun.
   */
  takeLoopUtilization(): number | undefined {
    const now = this.#worker.performance.eventLoopUtilization();
    const { utilization } = this.#worker.performance.eventLoopUtilization(now, this.#utilizationBefore);
    this.#utilizationBefore = now;
    return plausibleUtilization(utilization);
  }

  /** How long the thread's event loop has been idle since it began, in milliseconds; absent while it has not begun. */
  get loopIdleMs(): number | undefined {
    const { idle, utilization } = this.#worker.performance.eventLoopUtilization();
    return utilization === 0 && idle === 0 ? undefined : idle;
  }

  /** Sends a one-way message; nothing is sent to a thread that is gone. */
  post(message: unknown): void {
    this.#frames.post(message);
  }

  /**
   * Makes a call over comlink.
   * @param what - what the caller waits for, as the message of a failure names it
   * @param limitMs - `Infinity` where a limit of a whole stage watches over the call
   * @throws GumbyError INSTANCE_LOST when the thread ends first, INSTANCE_TIMEOUT after `limitMs`; what the call itself throws
   */
  async call<T>(what: string, limitMs: number, invoke: (api: Remote<Api>) => Promise<T>): Promise<T> {
    const { name, ended } = this;
    return boundedCall({ name, what, limitMs, clock: this.#clock, ended }, () => invoke(this.#api));
  }

  /** Ends the thread at once, whatever it is doing; resolves when it is gone. */
  terminate(): Promise<void> {
    // A thousand instances may ask for the end of the thread that they share: it is ended, or given up, once for all.
    this.#termination ??= this.#end();
    return this.#termination;
  }

  async #end(): Promise<void> {
    void this.#worker.terminate();
    const limit = this.#clock.schedule(TERMINATE_LIMIT_MS, () => this.#giveUp());
    await this.ended;
    limit.cancel();
  }

  /** It waits in a call of the system or in native code, where Node cannot end it. */
  #giveUp(): void {
    noteBlockedThread(this.name);
    this.#worker.unref();
    this.#port.close();
    const message = `${this.name} cannot be ended: for ${TERMINATE_LIMIT_MS / 1000} s it has been waiting in a call of the system or in native code`;
    this.#onBlocked(new GumbyError('INSTANCE_LOST', message));
  }

  async #watch(heapMb: number): Promise<Error | undefined> {
    let thrown: Error | undefined;
    this.#worker.on('error', (error: unknown) => (thrown = toError(error)));
    this.#port.on('messageerror', (error: Error) => (thrown ??= error));
    const code = await new Promise<number>((resolve) => this.#worker.once('exit', resolve));
    this.#drainPort();
    if (this.#termination !== undefined) return undefined;
    return this.#reason(code, thrown, heapMb);
  }

  /** Handles the messages that the thread sent before it ended and that nobody has taken yet. */
  #drainPort(): void {
    for (let next = receiveMessageOnPort(this.#port); next !== undefined; next = receiveMessageOnPort(this.#port))
      this.#frames.deliver(next.message);
    this.#port.close();
  }

  #reason(code: number, thrown: Error | undefined, heapMb: number): Error {
    if (thrown === undefined)
      return new GumbyError('INSTANCE_LOST', `${this.name} ended itself: process.exit(${code}) was called in it`, {
        context: { exitCode: code },
      });
    if ((thrown as { code?: string }).code === 'ERR_WORKER_OUT_OF_MEMORY')
      return new GumbyError(
        'INSTANCE_LOST',
        `${this.name} ran out of memory: its heap reached the limit of ${heapMb} MiB (option instance_memory${this.#heapShare})`,
        { context: { heapMb, machineLimit: true } },
      );
    return new GumbyError('INSTANCE_LOST', `${this.name} crashed: ${thrown.message}`, { cause: thrown });
  }
}

function workerData({ job, libraryCache }: WorkerThreadInit, port: MessagePort): WorkerData {
  return { gumby: job, port, ...(libraryCache === undefined ? {} : { libraryCache }) };
}

let prepared = false;

function prepareErrorTransfer(): void {
  if (!prepared) installErrorTransfer();
  prepared = true;
}
