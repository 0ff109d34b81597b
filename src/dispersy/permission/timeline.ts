import type { Permission } from './permission.js';

/** A message that changes who may do what: as long as it stands, from the next global time on. */
export interface TimelineEvent {
  /** Of the member who sent it, 20 bytes. */
  readonly mid: Buffer;
  readonly globalTime: bigint;
  /** The message itself: what proves the change to others. */
  readonly packet: Buffer;
  readonly change: Grants | PolicySwitch;
}

export interface Grants {
  readonly kind: 'authorize' | 'revoke';
  readonly grants: readonly { readonly mid: Buffer; readonly messageId: number; readonly permission: Permission }[];
}

export interface PolicySwitch {
  readonly kind: 'dynamic-settings';
  readonly policies: readonly { readonly messageId: number; readonly index: number }[];
}

export const DYNAMIC_SETTINGS_ID = 236;

/** One entry of a list that is ordered by time: what held from then on. */
interface Since<T> {
  readonly value: T;
  readonly event: TimelineEvent;
}

/**
 * Who may do what at which global time, by chains of authorize and revoke messages that begin at the master member; and
 * which resolution policy is in force. It follows from the set of known messages alone, in whatever order they came:
 * they are folded in the order of global time, and one whose own member had no permission then has no effect.
 */
export class Timeline {
  readonly #masterMid: string;
  /** Ordered by global time, then `mid`. */
  readonly #events: TimelineEvent[] = [];
  readonly #standing = new Set<TimelineEvent>();
  readonly #granted = new Map<string, Since<boolean>[]>();
  readonly #policyIndexes = new Map<number, Since<number>[]>();

  constructor(masterMid: Buffer) {
    this.#masterMid = keyOf(masterMid);
  }

  /** All events, those without effect included. */
  get events(): readonly TimelineEvent[] {
    return this.#events;
  }

  /** Whether an event that was added has an effect. */
  stands(event: TimelineEvent): boolean {
    return this.#standing.has(event);
  }

  add(event: TimelineEvent): void {
    const at = this.#events.findLastIndex((other) => compare(other, event) <= 0) + 1;
    this.#events.splice(at, 0, event);
    if (at === this.#events.length - 1) this.#fold(event);
    else this.#refold();
  }

  remove(event: TimelineEvent): void {
    const at = this.#events.indexOf(event);
    if (at < 0) return;
    this.#events.splice(at, 1);
    this.#refold();
  }

  find(mid: Buffer, globalTime: bigint): TimelineEvent | undefined {
    return this.#events.find((event) => event.globalTime === globalTime && event.mid.equals(mid));
  }

  isPermitted(mid: Buffer, messageId: number, permission: Permission, globalTime: bigint): boolean {
    if (keyOf(mid) === this.#masterMid) return true;
    return lastBefore(this.#granted.get(grantKey(mid, messageId, permission)), globalTime)?.value === true;
  }

  /** Whether the member of this event may make this change. */
  mayChange({ mid, globalTime, change }: Omit<TimelineEvent, 'packet'>): boolean {
    if (change.kind === 'dynamic-settings') return this.isPermitted(mid, DYNAMIC_SETTINGS_ID, 'permit', globalTime);
    return change.grants.every(({ messageId }) => this.isPermitted(mid, messageId, change.kind, globalTime));
  }

  /** The index of the policy that holds for this kind of message at this time; 0 as long as nobody switched it. */
  policyIndexAt(messageId: number, globalTime: bigint): number {
    return lastBefore(this.#policyIndexes.get(messageId), globalTime)?.value ?? 0;
  }

  /** The packet that switched to the policy in force, if one did. */
  policyProof(messageId: number, globalTime: bigint): Buffer | undefined {
    return lastBefore(this.#policyIndexes.get(messageId), globalTime)?.event.packet;
  }

  /**
   * The packets that show what a member was permitted or not at this time: the one that decided it, led by those on which
   * that one's own permission rests. Empty for the master member, and where nobody ever said anything.
   */
  proofs(mid: Buffer, messageId: number, permission: Permission, globalTime: bigint): readonly Buffer[] {
    const packets = new Set<Buffer>();
    // Every step leads to an earlier time, so that it ends.
    const collect = (memberMid: Buffer, id: number, asked: Permission, time: bigint): void => {
      if (keyOf(memberMid) === this.#masterMid) return;
      const decided = lastBefore(this.#granted.get(grantKey(memberMid, id, asked)), time)?.event;
      if (decided === undefined || packets.has(decided.packet)) return;
      const { change } = decided;
      // It needed the permission for every kind of message that it changes.
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
    for (const event of this.#events) this.#fold(event);
  }

  #fold(event: TimelineEvent): void {
    if (!this.mayChange(event)) return;
    this.#standing.add(event);
    const { change } = event;
    if (change.kind === 'dynamic-settings') {
      for (const { messageId, index } of change.policies)
        append(this.#policyIndexes, messageId, { value: index, event });
      return;
    }
    const value = change.kind === 'authorize';
    for (const { mid, messageId, permission } of change.grants)
      append(this.#granted, grantKey(mid, messageId, permission), { value, event });
  }
}

function compare(one: TimelineEvent, other: TimelineEvent): number {
  if (one.globalTime !== other.globalTime) return one.globalTime < other.globalTime ? -1 : 1;
  return one.mid.compare(other.mid);
}

function append<K, T>(lists: Map<K, Since<T>[]>, key: K, item: Since<T>): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

function lastBefore<T>(list: readonly Since<T>[] | undefined, globalTime: bigint): Since<T> | undefined {
  return list?.findLast(({ event }) => event.globalTime < globalTime);
}

function keyOf(mid: Buffer): string {
  return mid.toString('latin1');
}

function grantKey(mid: Buffer, messageId: number, permission: Permission): string {
  return `${keyOf(mid)}${messageId}${permission}`;
}
