import { parseBandwidthSetting } from '../network/links/bandwidth.js';
import { type LinkChange, parseLinkSetting } from '../network/links/link-settings.js';
import type { ParsedSetting } from '../network/links/parsed.js';
import { instancesInTwo, partedGroups } from '../network/links/partition.js';
import type { ReadSamples } from '../network/links/samples.js';
import type { InstanceGroup, NetworkChange, NetworkStep } from '../network/links/network-change.js';
import type { InstanceRange } from '../runtime/peers/instance-range.js';
import { parseNatType } from '../network/nat/parse-nats.js';
import type { Diagnostic } from '../runtime/diagnostic.js';
import type { CommandDescription } from './command-description.js';
import { parsePeerSpec } from '../runtime/peers/peer-spec.js';
import { ALL_PEERS, rangesOf } from '../runtime/peers/peer-set.js';
import type { ArgumentWord, Scenario, ScenarioEvent } from './scenario.js';

const GROUPS = { type: 'text', name: 'groups', rest: true } as const;

/** The commands that change the emulated network. They are for the network as a whole, and no instance is told of them. */
export const networkCommands = [
  {
    name: 'set_link',
    names: ['set_link'],
    parameters: [
      { type: 'text', name: 'latency', optional: true },
      { type: 'text', name: 'jitter', optional: true },
      { type: 'text', name: 'order', optional: true },
      { type: 'text', name: 'reorder', optional: true },
      { type: 'text', name: 'loss', optional: true },
      { type: 'text', name: 'burst', optional: true },
      { type: 'text', name: 'duplicate', optional: true },
      { type: 'text', name: 'corrupt', optional: true },
      { type: 'text', name: 'mtu', optional: true },
      GROUPS,
    ],
    module: 'network',
    doc: 'Sets links: of all, of `{1-10}` with everyone, between `{1-10} {11-20}`, or one way, `{1-10} to {11-20}`.',
  },
  {
    name: 'set_bandwidth',
    names: ['set_bandwidth'],
    parameters: [
      { type: 'text', name: 'up', optional: true },
      { type: 'text', name: 'down', optional: true },
      { type: 'text', name: 'queue', optional: true },
    ],
    module: 'network',
    doc: 'Sets how fast the selected instances are connected: `set_bandwidth up=1mbit down=8mbit queue=64kB {1-10}`.',
  },
  {
    name: 'partition',
    names: ['partition'],
    parameters: [GROUPS],
    module: 'network',
    doc: 'Loses packets between groups, `{1-50} {51-100}`, until the next `heal`; a single group is parted from all others.',
  },
  { name: 'heal', names: ['heal'], parameters: [], module: 'network', doc: 'Ends all partitions.' },
  {
    name: 'cut',
    names: ['cut'],
    parameters: [GROUPS],
    module: 'network',
    doc: 'Loses packets one way, `{1} to {2}`, until the next `restore`.',
  },
  { name: 'restore', names: ['restore'], parameters: [], module: 'network', doc: 'Ends all cuts.' },
  {
    name: 'set_nat',
    names: ['set_nat'],
    parameters: [{ type: 'text', name: 'type' }],
    module: 'network',
    doc: 'Puts the selected instances behind NATs of a type, each behind its own: `set_nat symmetric {5}`; `none` ends it.',
  },
  {
    name: 'disconnect',
    names: ['disconnect'],
    parameters: [],
    module: 'network',
    doc: 'Loses everything that the selected instances send, and that is sent to them.',
  },
  {
    name: 'reconnect',
    names: ['reconnect'],
    parameters: [],
    module: 'network',
    doc: 'Ends `disconnect` for the selected instances.',
  },
  {
    name: 'pause',
    names: ['pause'],
    parameters: [],
    module: 'network',
    doc: 'Lets the selected instances stand still: timers, packets and commands wait for them.',
  },
  {
    name: 'resume',
    names: ['resume'],
    parameters: [],
    module: 'network',
    doc: 'Lets paused instances go on: what has waited happens at once, in its order.',
  },
] as const satisfies readonly CommandDescription[];

type NetworkCommandName = (typeof networkCommands)[number]['name'];

/** What a scenario does to the network. */
export interface NetworkPlan {
  /** In order of time. */
  readonly steps: readonly NetworkStep[];
  /** The events that are the network's, and no instance's, with what they change; undefined where that is wrong. */
  readonly events: ReadonlyMap<ScenarioEvent, NetworkChange | undefined>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads what a scenario does to the network.
 * @param commands - those of the loaded modules: a command that a module offers is the module's, whatever its name
 * @param readSamples - reads files of measured latencies
 */
export function networkPlanOf(
  scenario: Scenario,
  commands: readonly CommandDescription[],
  readSamples: ReadSamples,
): NetworkPlan {
  const taken = new Set(commands.flatMap(({ names }) => names));
  const own = new Set<string>(networkCommands.map(({ name }) => name).filter((name) => !taken.has(name)));
  const events = new Map<ScenarioEvent, NetworkChange | undefined>();
  const steps: NetworkStep[] = [];
  const found = new Map<string, Diagnostic>();
  for (const event of scenario.events) {
    if (!own.has(event.command)) continue;
    const reading = new NetworkCommandReading(event, scenario.instanceCount, readSamples);
    const change = reading.changeOf(event.command as NetworkCommandName);
    events.set(event, change);
    for (const diagnostic of reading.diagnostics)
      found.set(`${diagnostic.file}:${diagnostic.line ?? 0}:${diagnostic.message}`, diagnostic);
    const { time } = event;
    if (change !== undefined && time.kind !== 'window')
      steps.push({ timeMs: time.kind === 'at' ? time.ms : 0, change });
  }
  // Of one moment, the line that comes first is first.
  steps.sort((one, other) => one.timeMs - other.timeMs);
  return { steps, events, diagnostics: [...found.values()] };
}

/** Groups as they stand in a line, and what stands between them. */
interface Groups {
  readonly groups: readonly (readonly InstanceRange[])[];
  /** Whether the word `to` stands between the two groups. */
  readonly isOneWay: boolean;
}

class NetworkCommandReading {
  readonly diagnostics: Diagnostic[] = [];
  readonly #event: ScenarioEvent;
  readonly #instanceCount: number;
  readonly #readSamples: ReadSamples;

  constructor(event: ScenarioEvent, instanceCount: number, readSamples: ReadSamples) {
    this.#readSamples = readSamples;
    this.#event = event;
    this.#instanceCount = instanceCount;
  }

  changeOf(command: NetworkCommandName): NetworkChange | undefined {
    if (this.#event.time.kind === 'window')
      this.#complain(`${command} happens to the network as a whole, at one moment`, 'give one time: @30');
    const positional = this.#event.words.filter(({ name }) => name === undefined);
    const type = command === 'set_nat' ? positional.shift() : undefined;
    const groups = this.#groups(positional);
    if (groups === undefined) return undefined;
    if (command !== 'set_link' && command !== 'set_bandwidth') this.#refuseNamed(command);
    const change = command === 'set_nat' ? this.#setNat(type, groups) : this.#change(command, groups);
    return this.diagnostics.some(({ severity }) => severity === 'error') ? undefined : change;
  }

  #change(command: Exclude<NetworkCommandName, 'set_nat'>, { groups, isOneWay }: Groups): NetworkChange | undefined {
    const [one, other] = groups;
    switch (command) {
      case 'set_link':
        return this.#setLink(groups, isOneWay);
      case 'set_bandwidth':
        return this.#setBandwidth(groups, isOneWay);
      case 'partition':
        return this.#partition(groups, isOneWay);
      case 'cut':
        if (groups.length === 2 && isOneWay) return { type: 'cut', from: one, to: other };
        this.#complain('cut needs two groups, and which way', 'write cut {1} to {2}');
        return undefined;
      case 'heal':
      case 'restore':
        if (groups.length > 0 || isOneWay) this.#complain(`${command} is for all`, `write ${command} by itself`);
        return { type: command };
      case 'disconnect':
      case 'reconnect':
      case 'pause':
      case 'resume':
        if (groups.length > 1) this.#complain(`${command} takes one group`, `write ${command} {1-10}`);
        return { type: command, group: one ?? this.#everyone() };
    }
  }

  #setNat(type: ArgumentWord | undefined, { groups, isOneWay }: Groups): NetworkChange | undefined {
    const nat = parseNatType(type?.value ?? '');
    if (type === undefined) this.#complain('set_nat needs a type of NAT', 'write set_nat symmetric {1-10}');
    else if (!nat.ok) this.#complain(nat.message, nat.hint, type);
    if (groups.length > 1 || isOneWay) this.#complain('set_nat takes one group', 'write set_nat symmetric {1-10}');
    return nat.ok ? { type: 'set-nat', nat: nat.value, group: groups[0] ?? this.#everyone() } : undefined;
  }

  #setBandwidth([group, ...others]: Groups['groups'], isOneWay: boolean): NetworkChange {
    const change = this.#settings(parseBandwidthSetting, 'up=1mbit down=8mbit queue=64kB');
    if (others.length > 0 || isOneWay)
      this.#complain('set_bandwidth takes one group', 'write set_bandwidth up=1mbit {1-10}');
    return { type: 'set-bandwidth', change, group: group ?? this.#everyone() };
  }

  /** The settings that the line names. @param example - what the line might say */
  #settings<Change extends object>(
    parse: (name: string, text: string) => ParsedSetting<Change>,
    example: string,
  ): Change {
    const { words, command } = this.#event;
    let change = {} as Change;
    for (const word of words) {
      if (word.name === undefined) continue;
      const result = parse(word.name, word.value);
      if (result.ok) change = { ...change, ...result.change };
      else this.#complain(result.message, result.hint, word);
    }
    if (!words.some(({ name }) => name !== undefined))
      this.#complain(`${command} sets nothing`, `write what it is to set: ${example}`);
    return change;
  }

  #setLink(groups: Groups['groups'], isOneWay: boolean): NetworkChange | undefined {
    const { command } = this.#event;
    const change: LinkChange = this.#settings(
      (name, text) => parseLinkSetting(name, text, this.#readSamples),
      'latency=200 jitter=0..10 loss=5%',
    );
    if (groups.length > 2)
      this.#complain(`${command} takes two groups at most`, 'write {1-10} {11-20}, or {1-10} to {11-20}');
    if (isOneWay && groups.length !== 2) this.#complain('"to" stands between two groups', 'write {1-10} to {11-20}');
    const [from, to]: readonly InstanceGroup[] = groups;
    return { type: 'set-link', from, to, direction: isOneWay ? 'one-way' : 'both', change };
  }

  #partition(groups: Groups['groups'], isOneWay: boolean): NetworkChange | undefined {
    const [first, ...others] = groups;
    if (first === undefined || isOneWay) {
      this.#complain(
        'partition needs groups',
        'write partition {1-50} {51-100}, or partition {1-50} to part these from all others',
      );
      return undefined;
    }
    for (const twice of instancesInTwo(groups))
      this.#complain(`instance ${twice} is in two groups of the partition`, 'an instance can be in one of them');
    return { type: 'partition', groups: partedGroups([first, ...others], this.#instanceCount) };
  }

  #everyone(): readonly InstanceRange[] {
    return rangesOf(ALL_PEERS, this.#instanceCount);
  }

  /** The groups in the line, of which the last is its PEERSPEC. @param positional - the words that tell the groups before it */
  #groups(positional: readonly ArgumentWord[]): Groups | undefined {
    const { peers } = this.#event;
    const text = positional.map(({ value }) => value).join(' ');
    const groups: (readonly InstanceRange[])[] = [];
    for (const [, spec = ''] of text.matchAll(GROUP)) {
      const result = parsePeerSpec(spec, this.#instanceCount);
      if (!result.ok) {
        this.#complain(result.problem.message, result.problem.hint ?? '', positional[0]);
        return undefined;
      }
      for (const { message } of result.warnings)
        this.#complain(message, `instances are from 1 to ${this.#instanceCount}`, positional[0]);
      groups.push(rangesOf(result.peers, this.#instanceCount));
    }
    const rest = text.replace(GROUP, ' ').trim();
    if (rest !== '' && rest !== 'to') {
      const word = positional.find(({ value }) => rest.startsWith(value));
      this.#complain(`"${rest}" is no group of instances`, 'groups stand in braces: {1-10}', word);
      return undefined;
    }
    if (peers.kind === 'some') groups.push(peers.ranges);
    return { groups, isOneWay: rest === 'to' };
  }

  #refuseNamed(command: string): void {
    for (const word of this.#event.words)
      if (word.name !== undefined)
        this.#complain(`${command} has no argument named "${word.name}"`, 'only set_link has', word);
  }

  #complain(message: string, hint: string, word?: ArgumentWord): void {
    const { place } = this.#event;
    const at = word === undefined ? place : { ...place, column: word.column, length: word.length };
    this.diagnostics.push({ severity: 'error', message, ...at, ...(hint === '' ? {} : { hint }) });
  }
}

const GROUP = /\{([^{}]*)\}/g;
