import { BUILT_IN_IDS } from '../message/built-in-ids.js';
import type { Message } from '../message/message.js';
import { byTimeThenMid } from './by-time-then-mid.js';
import type { Permission } from './permission.js';
import type { PermissionEntry } from './permission-entry.js';

/** A value that holds from the time of an entry on; lists of them are ordered by time. */
interface Since<T> {
  readonly value: T;
  readonly entry: PermissionEntry;
}

/**
 * Who may do what at which global time, by chains of authorize and revoke messages that begin at the master member; and
 * which resolution policy is in force. The timeline follows from the set of known messages alone, in whatever order
 * they came: they are folded in the order of global time, and a message whose own member had no permission at its time
 * has no effect.
 */
export class Timeline {
  readonly #masterMid: string;
  /** The entries, ordered by global time, then by `mid`. */
  readonly #entries: PermissionEntry[] = [];
  readonly #standing = new Set<PermissionEntry>();
  readonly #granted = new Map<string, Since<boolean>[]>();
  readonly #policyIndexes = new Map<number, Since<number>[]>();

  constructor(masterMid: Buffer) {
    this.#masterMid = keyOf(masterMid);
  }

  /** All entries, those without effect included. */
  get entries(): readonly PermissionEntry[] {
    return this.#entries;
  }

  /** Whether an entry that was added has an effect. */
  stands(entry: PermissionEntry): boolean {
    return this.#standing.has(entry);
  }

  add(entry: PermissionEntry): void {
    const at = this.#entries.findLastIndex((other) => byTimeThenMid(other, entry) <= 0) + 1;
    this.#entries.splice(at, 0, entry);
    if (at === this.#entries.length - 1) this.#fold(entry);
    else this.#refold();
  }

  remove(entry: PermissionEntry): void {
    const at = this.#entries.indexOf(entry);
    if (at < 0) return;
    this.#entries.splice(at, 1);
    this.#refold();
  }

  /**
   * Takes out the entry of a message that had no effect because it was not permitted, was undone or is here no more; so
   * the entry can never have an effect.
   */
  forget({ member, globalTime }: Pick<Message, 'member' | 'globalTime'>): void {
    const entry = member && this.find(member.mid, globalTime);
    if (entry !== undefined) this.remove(entry);
  }

  find(mid: Buffer, globalTime: bigint): PermissionEntry | undefined {
    return this.#entries.find((entry) => entry.globalTime === globalTime && entry.mid.equals(mid));
  }

  isPermitted(mid: Buffer, messageId: number, permission: Permission, globalTime: bigint): boolean {
    if (keyOf(mid) === this.#masterMid) return true;
    return lastBefore(this.#granted.get(grantKey(mid, messageId, permission)), globalTime)?.value === true;
  }

  /** Whether the member of this entry may make this change. */
  mayChange({ mid, globalTime, change }: Omit<PermissionEntry, 'packet'>): boolean {
    if (change.kind === 'dynamic-settings')
      return this.isPermitted(mid, BUILT_IN_IDS.dynamicSettings, 'permit', globalTime);
    return change.grants.every(({ messageId }) => this.isPermitted(mid, messageId, change.kind, globalTime));
  }

  /** The index of the policy that holds for this kind of message at this time; 0 as long as nobody switched it. */
  policyIndexAt(messageId: number, globalTime: bigint): number {
    return lastBefore(this.#policyIndexes.get(messageId), globalTime)?.value ?? 0;
  }

  /** The packet that switched to the policy in force, if one did. */
  policyProof(messageId: number, globalTime: bigint): Buffer | undefined {
    return lastBefore(this.#policyIndexes.get(messageId), globalTime)?.entry.packet;
  }

  /**
   * The packets that show what a member was permitted or not at this time: the packet that decided it, preceded by
   * those on which that packet's own permission rests. The list is empty for the master member, and where no packet
   * ever decided anything.
   */
  proofs(mid: Buffer, messageId: number, permission: Permission, globalTime: bigint): readonly Buffer[] {
    const packets = new Set<Buffer>();
    // Every step leads to an earlier time, so that it ends.
    const collect = (memberMid: Buffer, id: number, asked: Permission, time: bigint): void => {
      if (keyOf(memberMid) === this.#masterMid) return;
      const decided = lastBefore(this.#granted.get(grantKey(memberMid, id, asked)), time)?.entry;
      if (decided === undefined || packets.has(decided.packet)) return;
      const { change } = decided;
      // The deciding message needed the permission for every kind of message that it changes.
      if (change.kind !== 'dynamic-settings')
        for (const grant of change.grants) collect(decided.mid, grant.messageId, change.kind, decided.globalTime);
      packets.add(decided.packet);
    };
    collect(mid, messageId, permission, globalTime);
    return [...packets];
  }

  #refold(): void {
    this.#standing.clear();
    this.#granted.clear();
    this.#policyIndexes.clear();
    for (const entry of this.#entries) this.#fold(entry);
  }

  #fold(entry: PermissionEntry): void {
    if (!this.mayChange(entry)) return;
    this.#standing.add(entry);
    const { change } = entry;
    if (change.kind === 'dynamic-settings') {
      for (const { messageId, index } of change.policies)
        append(this.#policyIndexes, messageId, { value: index, entry });
      return;
    }
    const value = change.kind === 'authorize';
    for (const { mid, messageId, permission } of change.grants)
      append(this.#granted, grantKey(mid, messageId, permission), { value, entry });
  }
}

function append<K, T>(lists: Map<K, Since<T>[]>, key: K, item: Since<T>): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

function lastBefore<T>(list: readonly Since<T>[] | undefined, globalTime: bigint): Since<T> | undefined {
  return list?.findLast(({ entry }) => entry.globalTime < globalTime);
}

function keyOf(mid: Buffer): string {
  return mid.toString('latin1');
}

function grantKey(mid: Buffer, messageId: number, permission: Permission): string {
  return `${keyOf(mid)}${messageId}${permission}`;
}
