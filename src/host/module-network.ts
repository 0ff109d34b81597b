import type { ExperimentNetwork, LinkEnds, LinkWish, PeerGroup } from '../instance/experiment-network.js';
import { parseBandwidthSetting } from '../network/links/bandwidth.js';
import { type LinkChange, parseLinkSetting } from '../network/links/link-settings.js';
import type { NetworkChange } from '../network/links/network-change.js';
import { instancesInTwo, partedGroups } from '../network/links/partition.js';
import type { ParsedSetting } from '../network/links/parsed.js';
import type { NatType } from '../network/nat/nat-type.js';
import { parseNatType } from '../network/nat/parse-nats.js';
import { GumbyError } from '../runtime/errors.js';
import { rangesOf } from '../runtime/peers/peer-set.js';
import type { InstanceRange } from '../runtime/peers/instance-range.js';
import { parsePeerSpec } from '../runtime/peers/peer-spec.js';

/** Lets a module change the network: it makes of a call what a scenario's line is made of. */
export class ModuleNetwork implements ExperimentNetwork {
  readonly #instanceCount: number;
  readonly #submit: (change: NetworkChange) => void;

  /** @param submit - sees to it that the change is made in every thread */
  constructor(instanceCount: number, submit: (change: NetworkChange) => void) {
    this.#instanceCount = instanceCount;
    this.#submit = submit;
  }

  setLink(wish: LinkWish, { from, to, isOneWay = false }: LinkEnds = {}): void {
    if (isOneWay && (from === undefined || to === undefined)) throw invalid('a link one way has two ends: from and to');
    const change: LinkChange = settingsOf(wish, parseLinkSetting);
    const direction = isOneWay ? 'one-way' : 'both';
    const group = (peers: PeerGroup | undefined) => (peers === undefined ? undefined : this.#rangesOf(peers));
    this.#submit({ type: 'set-link', from: group(from), to: group(to), direction, change });
  }

  setBandwidth(wish: Readonly<Record<string, string>>, peers: PeerGroup = ''): void {
    this.#submit({
      type: 'set-bandwidth',
      change: settingsOf(wish, parseBandwidthSetting),
      group: this.#rangesOf(peers),
    });
  }

  partition(...given: readonly PeerGroup[]): void {
    const [first, ...others] = given.map((peers) => this.#rangesOf(peers));
    if (first === undefined) throw invalid('a partition needs groups');
    for (const twice of instancesInTwo([first, ...others]))
      throw invalid(`instance ${twice} is in two groups of a partition`);
    this.#submit({ type: 'partition', groups: partedGroups([first, ...others], this.#instanceCount) });
  }

  heal(): void {
    this.#submit({ type: 'heal' });
  }

  cut(from: PeerGroup, to: PeerGroup): void {
    this.#submit({ type: 'cut', from: this.#rangesOf(from), to: this.#rangesOf(to) });
  }

  restore(): void {
    this.#submit({ type: 'restore' });
  }

  disconnect(peers: PeerGroup): void {
    this.#submit({ type: 'disconnect', group: this.#rangesOf(peers) });
  }

  reconnect(peers: PeerGroup): void {
    this.#submit({ type: 'reconnect', group: this.#rangesOf(peers) });
  }

  setNat(type: NatType, peers: PeerGroup): void {
    const nat = parseNatType(type);
    if (!nat.ok) throw invalid(`${nat.message}: ${nat.hint}`);
    this.#submit({ type: 'set-nat', nat: nat.value, group: this.#rangesOf(peers) });
  }

  pause(peers: PeerGroup): void {
    this.#submit({ type: 'pause', group: this.#rangesOf(peers) });
  }

  resume(peers: PeerGroup): void {
    this.#submit({ type: 'resume', group: this.#rangesOf(peers) });
  }

  #rangesOf(peers: PeerGroup): readonly InstanceRange[] {
    const text = typeof peers === 'string' ? peers : peers.join(',');
    if (typeof peers !== 'string' && peers.length === 0) throw invalid('a group of instances has nobody in it');
    const result = parsePeerSpec(text.replace(/^\s*\{(.*)\}\s*$/, '$1'), this.#instanceCount);
    const problem = result.ok ? result.warnings[0] : result.problem;
    if (!result.ok || problem !== undefined) throw invalid(`"${text}" selects no instances: ${problem?.message ?? ''}`);
    return rangesOf(result.peers, this.#instanceCount);
  }
}

/** The network where no module can change it. */
export function unchangeableNetwork(): ExperimentNetwork {
  const refuse = (): never => {
    throw new GumbyError(
      'NETWORK_UNCHANGEABLE',
      'modules change the network in virtual time only: set clock = virtual, or let the scenario change it',
    );
  };
  return new Proxy({} as ExperimentNetwork, { get: () => refuse });
}

function settingsOf<Change extends object>(
  wish: object,
  parse: (name: string, text: string) => ParsedSetting<Change>,
): Change {
  let change = {} as Change;
  for (const [name, value] of Object.entries(wish)) {
    if (value === undefined) continue;
    const result = parse(name, String(value));
    if (!result.ok) throw invalid(`${result.message}: ${result.hint}`);
    change = { ...change, ...result.change };
  }
  if (Object.keys(change).length === 0) throw invalid('nothing is set');
  return change;
}

function invalid(message: string): GumbyError {
  return new GumbyError('PARAMETER_INVALID', message);
}
