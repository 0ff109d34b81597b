/** Room for the name of what is being done, in UTF-8; a longer one is cut. */
const TEXT_BYTES = 240;
const ID = 0;
const LENGTH = 1;
const HEADER_BYTES = 16;

/** What a thread that many instances share is doing, and for which of them. */
export interface Activity {
  readonly id: number;
  readonly stage: string;
}

/**
 * What a thread is about to run, in memory that the main thread reads. When the thread never comes back from it, none
 * of its messages arrive, but the note can be read; while the thread goes on, nobody is woken for the note.
 */
export class ThreadActivity {
  readonly memory: SharedArrayBuffer;
  readonly #header: Float64Array;
  readonly #text: Buffer;

  constructor(memory = new SharedArrayBuffer(HEADER_BYTES + TEXT_BYTES)) {
    this.memory = memory;
    this.#header = new Float64Array(memory, 0, HEADER_BYTES / 8);
    this.#text = Buffer.from(memory, HEADER_BYTES);
  }

  note({ id, stage }: Activity): void {
    this.#header[LENGTH] = this.#text.write(stage, 'utf8');
    this.#header[ID] = id;
  }

  /** The note that was made last; undefined before the first. */
  read(): Activity | undefined {
    const [id = 0, length = 0] = this.#header;
    return id === 0 ? undefined : { id, stage: this.#text.toString('utf8', 0, length) };
  }
}
