import { toError } from '../runtime/errors.js';

/**
 * Owns what belongs to one instance of a host and ends with it. Everything that runs code of the instance – a timer, a
 * tick – runs it through the scope, so that an exception ends the instance that it belongs to, and no code runs for an
 * instance that has ended.
 */
export class InstanceScope {
  readonly id: number;
  readonly #onLost: (error: Error) => void;
  readonly #owned = new Set<() => void>();
  #isOpen = true;

  /** @param onLost - is told once, when code of the instance throws where nobody catches it, or the instance ends itself */
  constructor(id: number, onLost: (error: Error) => void) {
    this.id = id;
    this.#onLost = onLost;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Runs code of the instance; once the instance has ended, nothing is run. */
  run(call: () => unknown): void {
    if (!this.#isOpen) return;
    try {
      call();
    } catch (error) {
      this.lose(error);
    }
  }

  /**
   * Ties something to the life of the instance.
   * @param release - is called when the instance ends, unless the tie was cut before @returns a function that cuts the tie
   */
  own(release: () => void): () => void {
    if (!this.#isOpen) {
      release();
      return () => {};
    }
    this.#owned.add(release);
    return () => void this.#owned.delete(release);
  }

  /** The instance is over, by an error that nobody caught. */
  lose(error: unknown): void {
    if (!this.#isOpen) return;
    this.end();
    this.#onLost(toError(error));
  }

  /** Releases everything. */
  end(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const release of this.#owned) release();
    this.#owned.clear();
  }
}
