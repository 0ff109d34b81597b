import { type Address, addressKey, NO_ADDRESS, sameAddress } from '../../network/address.js';
import type { Endpoint } from '../../network/endpoint.js';
import type { ConnectionType } from './connection-type.js';
import { isUsableAddress } from './usable-address.js';

/** How many voters are remembered at most; when more come, the one that voted first is forgotten. */
export const VOTERS_MAX = 1024;

interface Count {
  readonly address: Address;
  votes: number;
}

interface Vote {
  readonly voterHost: string;
  readonly address: Address;
}

/**
 * Our own addresses, as far as we know them, and the choice between a peer's two addresses. Peers outside our LAN say with
 * every request and response where they see us: each has one vote as long as it is a candidate, and the majority tells our
 * WAN address. Voters are told apart by their address, for several peers may be behind one host.
 */
export class OwnAddresses {
  readonly #endpoint: Endpoint;
  /** The votes by the address of the voter. */
  readonly #votes = new Map<string, Vote>();
  /** How many votes each address has, by its key. */
  readonly #counts = new Map<string, Count>();
  #wan: Address | undefined;
  /** What the votes said of the connection when they were counted last; undefined when they have changed since. */
  #counted: { readonly lan: Address; readonly type: ConnectionType } | undefined;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  /** Whether the endpoint is open, so that we have an address. */
  get areKnown(): boolean {
    return this.#endpoint.address !== undefined;
  }

  get lan(): Address {
    return this.#endpoint.address ?? NO_ADDRESS;
  }

  /** Our WAN address; it is the LAN address as long as nobody outside the LAN says otherwise. */
  get wan(): Address {
    return this.#wan ?? this.lan;
  }

  /**
   * `public` when everyone sees our LAN address; `symmetric-NAT` when we are seen at several addresses, and at none of them
   * from two hosts: each destination has a mapping of its own.
   */
  get connectionType(): ConnectionType {
    const { lan } = this;
    // It stands in every request and answer, and changes only with votes.
    if (this.#counted === undefined || !sameAddress(this.#counted.lan, lan))
      this.#counted = { lan, type: this.#countedType(lan) };
    return this.#counted.type;
  }

  #countedType(lan: Address): ConnectionType {
    const votes = [...this.#votes.values()];
    if (votes.length === 0) return 'unknown';
    if (votes.every(({ address }) => sameAddress(address, lan))) return 'public';
    const hostBySeen = new Map(votes.map(({ address, voterHost }) => [addressKey(address), voterHost]));
    const isEachSeenFromOneHost = votes.every(
      ({ address, voterHost }) => hostBySeen.get(addressKey(address)) === voterHost,
    );
    return hostBySeen.size > 1 && isEachSeenFromOneHost ? 'symmetric-NAT' : 'unknown';
  }

  /** Counts the address at which a peer sees us, in the place of its vote before; only peers outside our LAN can tell. */
  vote(address: Address, voter: Address): void {
    if (isNear(voter.host, this.lan.host) || voter.host === this.wan.host) return;
    if (!isUsableAddress(address)) {
      this.unvote(voter);
      return;
    }
    const key = addressKey(voter);
    const known = this.#votes.get(key);
    if (known !== undefined && sameAddress(known.address, address)) return;
    const [oldest] = this.#votes.keys();
    if (known === undefined && this.#votes.size >= VOTERS_MAX && oldest !== undefined) this.#remove(oldest);
    else this.#remove(key);
    this.#votes.set(key, { voterHost: voter.host, address });
    this.#counted = undefined;
    const count = this.#counts.get(addressKey(address)) ?? { address, votes: 0 };
    count.votes++;
    this.#counts.set(addressKey(address), count);
    this.#wan = this.#majority();
  }

  /** Forgets what a voter said, and counts anew. */
  unvote(voter: Address): void {
    if (this.#remove(addressKey(voter))) this.#wan = this.#majority();
  }

  /** Chooses between a peer's addresses: peers behind the same WAN host meet inside. */
  choose(lan: Address, wan: Address): Address {
    return wan.host === this.wan.host && isUsableAddress(lan) ? lan : wan;
  }

  /**
   * A peer's addresses as it gave them, except that the address at which we see it replaces one of them: its LAN
   * address when it is near us, else its WAN address.
   */
  correct(source: Address, lan: Address, wan: Address): { readonly lan: Address; readonly wan: Address } {
    if (!isNear(source.host, this.lan.host)) return { lan, wan: source };
    return { lan: source, wan: isUsableAddress(wan) ? wan : source };
  }

  /** The address with most votes; the present one stays where it has as many. */
  #majority(): Address | undefined {
    let best = this.#wan && this.#counts.get(addressKey(this.#wan));
    for (const count of this.#counts.values()) if (best === undefined || count.votes > best.votes) best = count;
    return best?.address;
  }

  /** Takes a vote back. @returns whether there was one */
  #remove(voter: string): boolean {
    const vote = this.#votes.get(voter);
    if (vote === undefined) return false;
    this.#votes.delete(voter);
    this.#counted = undefined;
    const seen = addressKey(vote.address);
    const count = this.#counts.get(seen);
    if (count !== undefined && --count.votes === 0) this.#counts.delete(seen);
    return true;
  }
}

/** Whether two hosts are near: they are the same, or both are in one block of private addresses; netmasks are not known here. */
function isNear(host: string, ownHost: string): boolean {
  if (host === ownHost) return true;
  const block = privateBlockOf(host);
  return block !== undefined && block === privateBlockOf(ownHost);
}

/** Loopback, link-local, and those of RFC 1918. */
const PRIVATE_BLOCKS = ['127.', '169.254.', '10.', '192.168.'] as const;
const PRIVATE_172 = /^172\.(1[6-9]|2\d|3[01])\./;

/** The block of private addresses that a host is in; undefined when it is in none. This is asked for with every packet. */
function privateBlockOf(host: string): string | undefined {
  for (const block of PRIVATE_BLOCKS) if (host.startsWith(block)) return block;
  return host.startsWith('172.') && PRIVATE_172.test(host) ? '172.' : undefined;
}
