import { membersOf, type PeerSet, peerSetOf } from './peer-set.js';

/** Instances for which a line reads the same, and what its variables are for them. */
export interface VariableGroup {
  readonly peers: PeerSet;
  readonly lookup: (name: string) => string | undefined;
}

/** What `set` has bound so far: for all instances, and for some of them. */
export class ScenarioVariables {
  readonly #bindings = new Map<string, Binding>();
  readonly #instanceCount: number;

  constructor(instanceCount: number) {
    this.#instanceCount = instanceCount;
  }

  set(name: string, value: string, peers: PeerSet): void {
    if (peers.kind === 'all') {
      this.#bindings.set(name, { forAll: value, byPeer: NO_PEERS });
      return;
    }
    const byPeer = new Map(this.#bindings.get(name)?.byPeer);
    for (const peer of membersOf(peers, this.#instanceCount)) byPeer.set(peer, value);
    this.#bindings.set(name, { forAll: this.#bindings.get(name)?.forAll, byPeer });
  }

  /** The peers of a line, grouped by the values that the names in it have for them; most often one group. */
  groups(names: readonly string[], peers: PeerSet): readonly VariableGroup[] {
    const differing = names.filter((name) => (this.#bindings.get(name)?.byPeer.size ?? 0) > 0);
    if (differing.length === 0) return [{ peers, lookup: (name) => this.#bindings.get(name)?.forAll }];
    const members = new Map<string, number[]>();
    for (const peer of membersOf(peers, this.#instanceCount)) {
      const key = JSON.stringify(differing.map((name) => this.#valueFor(name, peer) ?? null));
      members.set(key, [...(members.get(key) ?? []), peer]);
    }
    return [...members.values()].map((group) => ({
      peers: peerSetOf(group),
      lookup: (name) => this.#valueFor(name, group[0] as number),
    }));
  }

  #valueFor(name: string, peer: number): string | undefined {
    const binding = this.#bindings.get(name);
    return binding?.byPeer.get(peer) ?? binding?.forAll;
  }
}

interface Binding {
  readonly forAll: string | undefined;
  readonly byPeer: ReadonlyMap<number, string>;
}

const NO_PEERS: ReadonlyMap<number, string> = new Map();

