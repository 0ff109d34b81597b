/** Node's names of the work of the real machine whose end an event waits for. */
const AWAITED_RESOURCES: ReadonlySet<string> = new Set(['FSReqCallback', 'FSReqPromise', 'CloseReq']);

/**
 * Work of the real machine that instances of a thread have begun: files, which Node tells of, and everything that is
 * counted where it is begun, because Node does not tell of it. Virtual time stands still while there is any.
 */
export class PendingWork {
  #counted = 0;
  /** Work that is not waited for any more: whoever began it is gone. */
  #abandoned = 0;

  /** Counts work that is begun. @returns a function that says that it is done; calling it again does nothing */
  begin(): () => void {
    this.#counted++;
    let isDone = false;
    return () => {
      if (!isDone) this.#counted--;
      isDone = true;
    };
  }

  get isQuiet(): boolean {
    const count = this.#count();
    // Work that was given up has come to its end after all.
    if (count < this.#abandoned) this.#abandoned = count;
    return count <= this.#abandoned;
  }

  /** Waits for nothing that has been begun so far. */
  abandon(): void {
    this.#abandoned = this.#count();
  }

  #count(): number {
    let count = this.#counted;
    for (const resource of process.getActiveResourcesInfo()) if (AWAITED_RESOURCES.has(resource)) count++;
    return count;
  }
}

type AnyFunction = (...args: unknown[]) => unknown;

/** Counts work that a callback tells the end of. */
export function countCallback(call: AnyFunction, work: PendingWork): AnyFunction {
  return function (this: unknown, ...args) {
    const callback = args.at(-1);
    if (typeof callback !== 'function') return Reflect.apply(call, this, args);
    const done = work.begin();
    args[args.length - 1] = (...results: unknown[]) => {
      done();
      (callback as AnyFunction)(...results);
    };
    try {
      return Reflect.apply(call, this, args);
    } catch (error) {
      done();
      throw error;
    }
  };
}
