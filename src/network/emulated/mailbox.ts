import { type CrossingPacket, readCrossing, recordBytesOf, writeCrossing } from './crossing-packet.js';

/** Words of 32 bits at the start of a mailbox. */
const LOCK = 0;
const HEAD = 1;
const TAIL = 2;
const SIGNAL = 3;
const CLOSED = 4;
const WORDS_BYTES = 32;
/** A power of two, so that positions may go round the numbers of 32 bits. */
const RING_BYTES = 2 ** 20;
/** Records begin at multiples of this, and the length of a record comes before it. */
const ALIGNMENT = 8;
/** A writer that does not get the lock looks again after this time at the latest. */
const LOOK_AGAIN_MS = 1;

/** What becomes of a packet that is put into a mailbox. */
export type Posting = 'taken' | 'full' | 'closed';

/** Memory for a mailbox, which all threads of a run share. */
export function createMailbox(): SharedArrayBuffer {
  return new SharedArrayBuffer(WORDS_BYTES + RING_BYTES);
}

/**
 * Packets that all other threads put in, in real time, and one thread takes out: a ring of bytes in shared memory. A
 * writer holds the lock while it copies one packet. What it has not finished when its thread is ended was never put in.
 */
export class Mailbox {
  readonly #memory: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #ring: DataView;

  constructor(memory: SharedArrayBuffer) {
    this.#memory = memory;
    this.#words = new Int32Array(memory, 0, WORDS_BYTES / Int32Array.BYTES_PER_ELEMENT);
    this.#ring = new DataView(memory, WORDS_BYTES);
  }

  /** @param thread - the number of the thread that puts it in */
  put(packet: CrossingPacket, thread: number): Posting {
    if (Atomics.load(this.#words, CLOSED) === 1) return 'closed';
    const owner = thread + 1;
    for (;;) {
      const holder = Atomics.compareExchange(this.#words, LOCK, 0, owner);
      if (holder === 0) break;
      Atomics.wait(this.#words, LOCK, holder, LOOK_AGAIN_MS);
    }
    const isTaken = this.#write(packet);
    this.release(thread);
    if (!isTaken) return 'full';
    Atomics.add(this.#words, SIGNAL, 1);
    Atomics.notify(this.#words, SIGNAL);
    return 'taken';
  }

  /** Takes all packets out that are in it. */
  take(onPacket: (packet: CrossingPacket) => void): void {
    const tail = Atomics.load(this.#words, TAIL) >>> 0;
    let head = Atomics.load(this.#words, HEAD) >>> 0;
    while (head !== tail) {
      const place = head % RING_BYTES;
      const length = this.#ring.getUint32(place);
      // A length of zero: the rest of the ring was too short for the next packet.
      if (length > 0) onPacket(readCrossing(this.#memory, WORDS_BYTES + place + ALIGNMENT));
      head = (head + (length === 0 ? RING_BYTES - place : length)) >>> 0;
      Atomics.store(this.#words, HEAD, head | 0);
    }
  }

  /** Takes packets out whenever there are some, from now on. @returns a function that ends it */
  watch(onPacket: (packet: CrossingPacket) => void): () => void {
    let isOver = false;
    const look = (): void => {
      if (isOver) return;
      const seen = Atomics.load(this.#words, SIGNAL);
      this.take(onPacket);
      const { async: isWaiting, value } = waitAsync(this.#words, SIGNAL, seen);
      if (isWaiting) void value.then(look);
      else queueMicrotask(look);
    };
    look();
    return () => {
      isOver = true;
      // The promise that waits is settled, so that nothing of it is left.
      Atomics.notify(this.#words, SIGNAL);
    };
  }

  /** Lets go of the lock, if a thread holds it; to be called for a thread that has been ended. */
  release(thread: number): void {
    if (Atomics.compareExchange(this.#words, LOCK, thread + 1, 0) === thread + 1) Atomics.notify(this.#words, LOCK, 1);
  }

  /** Nobody takes packets out any more, until the mailbox is opened again. */
  close(): void {
    Atomics.store(this.#words, CLOSED, 1);
  }

  open(): void {
    Atomics.store(this.#words, CLOSED, 0);
  }

  #write(packet: CrossingPacket): boolean {
    const bytes = recordBytesOf(packet);
    const length = ALIGNMENT * Math.ceil((ALIGNMENT + bytes) / ALIGNMENT);
    const tail = Atomics.load(this.#words, TAIL) >>> 0;
    const head = Atomics.load(this.#words, HEAD) >>> 0;
    const place = tail % RING_BYTES;
    const skipped = place + length > RING_BYTES ? RING_BYTES - place : 0;
    // A ring that is full to the last byte would look like an empty one.
    if (((tail - head) >>> 0) + skipped + length >= RING_BYTES) return false;
    if (skipped > 0) this.#ring.setUint32(place, 0);
    const start = (place + skipped) % RING_BYTES;
    this.#ring.setUint32(start, length);
    writeCrossing(this.#memory, WORDS_BYTES + start + ALIGNMENT, packet);
    Atomics.store(this.#words, TAIL, (tail + skipped + length) | 0);
    return true;
  }
}

interface AsyncWait {
  readonly async: boolean;
  readonly value: Promise<string>;
}

/** ECMAScript 2024; TypeScript's library for Node 20 does not know it yet. */
interface AsyncAtomics {
  readonly waitAsync: (words: Int32Array, index: number, value: number) => AsyncWait;
}

const { waitAsync } = Atomics as unknown as AsyncAtomics;
