/**
 * A file that a thread writes beside the experiment: the trace of its events, say. When the file cannot be written, on a
 * full disk for example, this is a failure of the run and of no instance. It is told once; everything else of the run goes on.
 */
export class SideFile<Writer extends { flush(): void }> {
  readonly #what: string;
  readonly #open: () => Writer;
  readonly #onFault: (what: string, error: unknown) => void;
  #writer: Writer | undefined;
  #hasFailed = false;

  /**
   * @param what - what is done, for whoever reads of its failure: `writing the trace`
   * @param open - makes the writer, and with it the file, when something is written first
   */
  constructor(what: string, open: () => Writer, onFault: (what: string, error: unknown) => void) {
    this.#what = what;
    this.#open = open;
    this.#onFault = onFault;
  }

  write(write: (writer: Writer) => void): void {
    if (this.#hasFailed) return;
    try {
      write((this.#writer ??= this.#open()));
    } catch (error) {
      this.#hasFailed = true;
      this.#writer = undefined;
      this.#onFault(this.#what, error);
    }
  }

  /** Writes down what the writer has gathered. */
  flush(): void {
    if (this.#writer !== undefined) this.write((writer) => writer.flush());
  }
}
