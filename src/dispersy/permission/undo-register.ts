import { byTimeThenMid } from './by-time-then-mid.js';
import type { UndoTarget } from './undo-payloads.js';

/** An undo message that stands. */
export interface Undo {
  /** The member who undid the message, 20 bytes. */
  readonly mid: Buffer;
  readonly globalTime: bigint;
}

type Place = Pick<UndoTarget, 'mid' | 'globalTime'>;

/** The undo messages that stand, the earliest first, by member and time of the undone message. */
export class UndoRegister {
  readonly #byTarget = new Map<string, Undo[]>();

  get isEmpty(): boolean {
    return this.#byTarget.size === 0;
  }

  /** The undo messages for the message of this member and time. */
  undosOf(target: Place): readonly Undo[] {
    return this.#byTarget.get(keyOf(target)) ?? [];
  }

  add(target: Place, { mid, globalTime }: Undo): void {
    const undos = [...this.undosOf(target), { mid, globalTime }];
    this.#byTarget.set(keyOf(target), undos.sort(byTimeThenMid));
  }

  remove(target: Place, removed: Undo): void {
    const undos = this.#byTarget.get(keyOf(target)) ?? [];
    const at = undos.findIndex(({ mid, globalTime }) => globalTime === removed.globalTime && mid.equals(removed.mid));
    if (at >= 0) undos.splice(at, 1);
    if (undos.length === 0) this.#byTarget.delete(keyOf(target));
  }
}

function keyOf({ mid, globalTime }: Place): string {
  return `${mid.toString('latin1')}${globalTime}`;
}
