import type { InstanceRange } from '../runtime/peers/instance-range.js';
import { type PeerSet, peerSetOf, rangesOf } from '../runtime/peers/peer-set.js';

/** Instances for which a line reads the same, and the values of its variables for them. */
export interface VariableGroup {
  readonly peers: PeerSet;
  readonly lookup: (name: string) => string | undefined;
}

/**
 * A range of instances that see one value. A variable's spans are ascending and disjoint; for instances outside of them
 * the variable is unbound.
 */
interface ValueSpan extends InstanceRange {
  readonly value: string;
}

/**
 * What `set` has bound so far, for each instance; the values are kept by ranges of instances, so that they take as
 * little memory for 1,000 instances as for one.
 */
export class ScenarioVariables {
  readonly #spans = new Map<string, ValueSpan[]>();
  readonly #lookup = (name: string) => this.valueFor(name);
  readonly #instanceCount: number;

  constructor(instanceCount: number) {
    this.#instanceCount = instanceCount;
  }

  set(name: string, value: string, peers: PeerSet): void {
    const spans = peers.kind === 'all' ? [] : (this.#spans.get(name) ?? []);
    for (const range of rangesOf(peers, this.#instanceCount)) bindSpan(spans, { ...range, value });
    this.#spans.set(name, spans);
  }

  /** Whether a variable is bound to different values, or for some instances only. */
  differs(name: string): boolean {
    const spans = this.#spans.get(name);
    if (spans === undefined || spans.length === 0) return false;
    return spans.length > 1 || spans[0]?.from !== 1 || spans[0].to !== this.#instanceCount;
  }

  /** The value for one instance; without `peer` the value for all, provided that the variable does not differ. */
  valueFor(name: string, peer = 1): string | undefined {
    const spans = this.#spans.get(name);
    if (spans === undefined) return undefined;
    const span = spans[firstReaching(spans, peer)];
    return span !== undefined && span.from <= peer ? span.value : undefined;
  }

  /** The peers of a line, grouped by the values that `names` have for them. There is at least one group, which may be empty. */
  groups(names: readonly string[], peers: PeerSet): readonly VariableGroup[] {
    if (!names.some((name) => this.differs(name))) return [{ peers, lookup: this.#lookup }];
    const differing = names.filter((name) => this.differs(name));
    const groups = new Map<string, InstanceRange[]>();
    for (const range of rangesOf(peers, this.#instanceCount)) {
      for (let from = range.from; from <= range.to;) {
        const to = Math.min(range.to, ...differing.map((name) => this.#sameUntil(name, from)));
        const key = JSON.stringify(differing.map((name) => this.valueFor(name, from) ?? null));
        const group = groups.get(key);
        if (group === undefined) groups.set(key, [{ from, to }]);
        else group.push({ from, to });
        from = to + 1;
      }
    }
    if (groups.size === 0) return [{ peers, lookup: this.#lookup }];
    return Array.from(groups.values(), (ranges) => ({
      peers: peerSetOf(ranges, this.#instanceCount),
      lookup: (name) => this.valueFor(name, ranges[0]?.from),
    }));
  }

  /** The last peer after `peer` up to which the variable keeps its value. */
  #sameUntil(name: string, peer: number): number {
    const spans = this.#spans.get(name) ?? [];
    const span = spans[firstReaching(spans, peer)];
    if (span === undefined) return Infinity;
    return span.from <= peer ? span.to : span.from - 1;
  }
}

/** Index of the first span that does not end before `peer`. */
function firstReaching(spans: readonly ValueSpan[], peer: number): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((spans[middle] as ValueSpan).to < peer) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Puts a span in its place, in the place of what was bound there before. */
function bindSpan(spans: ValueSpan[], span: ValueSpan): void {
  const start = firstReaching(spans, span.from);
  let end = start;
  while ((spans[end]?.from ?? Infinity) <= span.to) end++;
  const [first, last] = [spans[start], spans[end - 1]];
  const before = end > start && first !== undefined && first.from < span.from ? [{ ...first, to: span.from - 1 }] : [];
  const after = end > start && last !== undefined && last.to > span.to ? [{ ...last, from: span.to + 1 }] : [];
  spans.splice(start, end - start, ...before, span, ...after);
}
