/** The words of a board that hold whole numbers and are used to wait for each other; then come those of each host. */
const GENERATION = 0;
/** The generation that is decided next: whoever moves it takes the decision. */
const CLAIM = 1;
const DECISION = 2;
const STAGE = 3;
/** How many entities do not live and will again. */
const EXPECTED = 4;
const SHARED_INTS = 5;
const HOST_INTS = 6;
/** Words of each host, after the shared ones. */
const ARRIVED = 0;
const IS_GONE = 1;
const PENDING = 2;
const ACTIVE = 3;
const LIVE = 4;
const IS_WAITING = 5;

/** The words that hold times in milliseconds of the experiment; then come those of each host. */
const WINDOW_START = 0;
const WINDOW_END = 1;
const HORIZON = 2;
const CALL_TIME = 3;
const NEXT_OF_ALL = 4;
const SHARED_FLOATS = 5;
const HOST_FLOATS = 4;
const NEXT = 0;
const CALL_DONE = 1;
const NOW = 2;
const EVENTS = 3;

const PARK = 0;
const RUN = 1;

/** What the hosts do next, all of them. */
export type WindowDecision =
  /** They let the events before `endMs` happen. */
  | { readonly kind: 'run'; readonly endMs: number }
  /** They wait until the coordinator resumes them: nothing is left before the horizon, or all calls are answered. */
  | { readonly kind: 'park' };

/** When hosts stop by themselves. */
export type TimeStage =
  /** When every call of the coordinator has been answered. */
  | 'calls'
  /** When no instance lives any more. */
  | 'run';

const STAGES: readonly TimeStage[] = ['calls', 'run'];

/** The memory of a `TimeBoard`, for all threads of a run. */
export interface TimeBoardMemory {
  readonly hostCount: number;
  /** The smallest latency of any packet between two hosts, in milliseconds. */
  readonly lookaheadMs: number;
  readonly ints: SharedArrayBuffer;
  readonly floats: SharedArrayBuffer;
}

/**
 * Shared memory by which the hosts of a run keep to one time, without the main thread. A host *arrives* when it has let
 * every event of its window happen; whoever completes the arrivals decides for all what comes next.
 *
 * Nobody runs an event at or after T + L, where T is the earliest next event of all hosts and L the lookahead: the
 * smallest latency of any packet. An event at T or later sends nothing that arrives before T + L, so no host can be
 * told of something that is in its past (Chandy and Misra's conservative condition, with a barrier for each window).
 */
export class TimeBoard {
  readonly memory: TimeBoardMemory;
  readonly #ints: Int32Array;
  readonly #floats: Float64Array;
  readonly #hostCount: number;

  static forHosts(hostCount: number, lookaheadMs: number): TimeBoard {
    const board = new TimeBoard({
      hostCount,
      lookaheadMs,
      ints: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * (SHARED_INTS + hostCount * HOST_INTS)),
      floats: new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT * (SHARED_FLOATS + hostCount * HOST_FLOATS)),
    });
    for (let host = 0; host < hostCount; host++) Atomics.store(board.#ints, board.#intOf(host, ARRIVED), -1);
    return board;
  }

  constructor(memory: TimeBoardMemory) {
    this.memory = memory;
    this.#hostCount = memory.hostCount;
    this.#ints = new Int32Array(memory.ints);
    this.#floats = new Float64Array(memory.floats);
  }

  /** How many windows there have been. */
  get generation(): number {
    return Atomics.load(this.#ints, GENERATION);
  }

  /** No event at or after this time happens until the coordinator moves it. */
  get horizonMs(): number {
    return this.#readFloat(HORIZON);
  }

  set horizonMs(timeMs: number) {
    this.#writeFloat(HORIZON, timeMs);
  }

  /** The time of the coordinator's present calls, as events of the instances. */
  get callTimeMs(): number {
    return this.#readFloat(CALL_TIME);
  }

  set callTimeMs(timeMs: number) {
    this.#writeFloat(CALL_TIME, timeMs);
  }

  get stage(): TimeStage {
    return STAGES[Atomics.load(this.#ints, STAGE)] as TimeStage;
  }

  set stage(stage: TimeStage) {
    Atomics.store(this.#ints, STAGE, STAGES.indexOf(stage));
  }

  /** Up to here every host has got at least: the start of the present window. */
  get reachedMs(): number {
    return this.#readFloat(WINDOW_START);
  }

  /** The time of the earliest event of all, when the hosts last waited for each other; `Infinity` when there was none. */
  get nextMs(): number {
    return this.#readFloat(NEXT_OF_ALL);
  }

  /** The latest time that any host has got to. */
  get latestMs(): number {
    return this.#worst((host) => this.#readFloat(this.#floatOf(host, NOW)));
  }

  /** When the last call was answered. */
  get callsDoneMs(): number {
    return this.#worst((host) => this.#readFloat(this.#floatOf(host, CALL_DONE)));
  }

  /** How many calls hosts have not answered yet. */
  get pendingCalls(): number {
    return this.#sum(PENDING);
  }

  /** How many entities live or will live again, trackers not among them. */
  get liveInstances(): number {
    return this.#sum(LIVE) + Atomics.load(this.#ints, EXPECTED);
  }

  /** Counts entities that do not live and will again: time passes for them. */
  expect(count: number): void {
    Atomics.add(this.#ints, EXPECTED, count);
  }

  beginCall(host: number): void {
    Atomics.add(this.#ints, this.#intOf(host, PENDING), 1);
  }

  endCall(host: number, timeMs: number): void {
    const index = this.#floatOf(host, CALL_DONE);
    this.#writeFloat(index, Math.max(this.#readFloat(index), timeMs));
    Atomics.sub(this.#ints, this.#intOf(host, PENDING), 1);
  }

  setLive(host: number, count: number): void {
    Atomics.store(this.#ints, this.#intOf(host, LIVE), count);
  }

  /** Notes what a host is doing, for whoever watches over it. */
  noteEvent(host: number, timeMs: number, entity: number): void {
    this.#floats[this.#floatOf(host, NOW)] = timeMs;
    this.#floats[this.#floatOf(host, EVENTS)] = (this.#floats[this.#floatOf(host, EVENTS)] as number) + 1;
    this.#ints[this.#intOf(host, ACTIVE)] = entity;
  }

  /** What a host is doing: how many events it has run, the entity of the present one, and whether it waits for others. */
  activityOf(host: number): { readonly events: number; readonly entity: number; readonly isWaiting: boolean } {
    return {
      events: this.#readFloat(this.#floatOf(host, EVENTS)),
      entity: Atomics.load(this.#ints, this.#intOf(host, ACTIVE)),
      isWaiting: Atomics.load(this.#ints, this.#intOf(host, IS_WAITING)) === 1 || this.isGone(host),
    };
  }

  isGone(host: number): boolean {
    return Atomics.load(this.#ints, this.#intOf(host, IS_GONE)) === 1;
  }

  /**
   * A host has let every event of its window happen, and waits from now on.
   * @param nextMs - the time of the earliest event that the host knows of, its own or one that it sends to another host
   */
  arrive(host: number, generation: number, nextMs: number): void {
    this.#writeFloat(this.#floatOf(host, NEXT), nextMs);
    Atomics.store(this.#ints, this.#intOf(host, IS_WAITING), 1);
    Atomics.store(this.#ints, this.#intOf(host, ARRIVED), generation);
    this.#decideIfComplete(generation);
  }

  /** The host goes on. */
  leave(host: number): void {
    Atomics.store(this.#ints, this.#intOf(host, IS_WAITING), 0);
  }

  /** The host is gone, and nobody waits for it any more. */
  remove(host: number): void {
    Atomics.store(this.#ints, this.#intOf(host, PENDING), 0);
    Atomics.store(this.#ints, this.#intOf(host, LIVE), 0);
    Atomics.store(this.#ints, this.#intOf(host, IS_GONE), 1);
    this.#decideIfComplete(this.generation);
  }

  /** The decision after `generation`; undefined while some host has not arrived. */
  decisionAfter(generation: number): WindowDecision | undefined {
    if (Atomics.load(this.#ints, GENERATION) === generation) return undefined;
    if (Atomics.load(this.#ints, DECISION) === PARK) return { kind: 'park' };
    return { kind: 'run', endMs: this.#readFloat(WINDOW_END) };
  }

  /** Blocks the thread until the decision after `generation` is taken, or `timeoutMs` of the machine's time have passed. */
  block(generation: number, timeoutMs: number): void {
    Atomics.wait(this.#ints, GENERATION, generation, timeoutMs);
  }

  /** Takes the decision when every host has arrived that is not gone. Of those who see it, one takes it. */
  #decideIfComplete(generation: number): void {
    let nextMs = Infinity;
    let someoneIsLeft = false;
    for (let host = 0; host < this.#hostCount; host++) {
      if (this.isGone(host)) continue;
      if (Atomics.load(this.#ints, this.#intOf(host, ARRIVED)) !== generation) return;
      someoneIsLeft = true;
      nextMs = Math.min(nextMs, this.#readFloat(this.#floatOf(host, NEXT)));
    }
    if (!someoneIsLeft) return;
    if (Atomics.compareExchange(this.#ints, CLAIM, generation, generation + 1) !== generation) return;
    const { horizonMs } = this;
    // All of this is known at the same moments of the experiment, whatever the number of hosts.
    const nothingToDo = this.stage === 'calls' ? this.pendingCalls === 0 : this.liveInstances === 0;
    const isOver = nothingToDo || !(nextMs < horizonMs);
    this.#writeFloat(NEXT_OF_ALL, nextMs);
    if (!isOver) {
      this.#writeFloat(WINDOW_START, nextMs);
      this.#writeFloat(WINDOW_END, Math.min(nextMs + this.memory.lookaheadMs, horizonMs));
    }
    Atomics.store(this.#ints, DECISION, isOver ? PARK : RUN);
    Atomics.store(this.#ints, GENERATION, generation + 1);
    Atomics.notify(this.#ints, GENERATION);
  }

  #intOf(host: number, word: number): number {
    return SHARED_INTS + host * HOST_INTS + word;
  }

  #floatOf(host: number, word: number): number {
    return SHARED_FLOATS + host * HOST_FLOATS + word;
  }

  #readFloat(index: number): number {
    return this.#floats[index] as number;
  }

  #writeFloat(index: number, value: number): void {
    this.#floats[index] = value;
  }

  #worst(valueOf: (host: number) => number): number {
    return Math.max(0, ...Array.from({ length: this.#hostCount }, (_, host) => valueOf(host)));
  }

  #sum(word: number): number {
    let sum = 0;
    for (let host = 0; host < this.#hostCount; host++) sum += Atomics.load(this.#ints, this.#intOf(host, word));
    return sum;
  }
}
