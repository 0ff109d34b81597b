import { type LinkChange, parseLinkSetting } from '../network/links/link-settings.js';
import type { InstanceGroup, NetworkChange, NetworkStep } from '../network/links/network-change.js';
import type { InstanceRange } from '../runtime/peers/instance-range.js';
import type { Diagnostic } from '../runtime/diagnostic.js';
import type { CommandDescription } from './command-description.js';
import { parsePeerSpec } from '../runtime/peers/peer-spec.js';
import { ALL_PEERS, complementOf, intersectionOf, rangesOf } from '../runtime/peers/peer-set.js';
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
      { type: 'text', name: 'loss', optional: true },
      GROUPS,
    ],
    module: 'network',
    doc: 'Sets links: of all, of `{1-10}` with everyone, between `{1-10} {11-20}`, or one way, `{1-10} to {11-20}`.',
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
] as const satisfies readonly CommandDescription[];

type NetworkCommandName = (typeof networkCommands)[number]['name'];

/** What a scenario does to the network. */
export interface NetworkPlan {
  /** In order of time. */
  readonly steps: readonly NetworkStep[];
  /** The events that are the network's, and no instance's. */
  readonly events: ReadonlySet<ScenarioEvent>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads what a scenario does to the network.
 * @param commands - those of the loaded modules: a command that a module offers is the module's, whatever its name
 */
export function networkPlanOf(scenario: Scenario, commands: readonly CommandDescription[]): NetworkPlan {
  const taken = new Set(commands.flatMap(({ names }) => names));
  const own = new Set<string>(networkCommands.map(({ name }) => name).filter((name) => !taken.has(name)));
  const events = new Set<ScenarioEvent>();
  const steps: NetworkStep[] = [];
  const found = new Map<string, Diagnostic>();
  for (const event of scenario.events) {
    if (!own.has(event.command)) continue;
    events.add(event);
    const reading = new NetworkCommandReading(event, scenario.instanceCount);
    const change = reading.changeOf(event.command as NetworkCommandName);
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

  constructor(event: ScenarioEvent, instanceCount: number) {
    this.#event = event;
    this.#instanceCount = instanceCount;
  }

  changeOf(command: NetworkCommandName): NetworkChange | undefined {
    if (this.#event.time.kind === 'window')
      this.#complain(`${command} happens to the network as a whole, at one moment`, 'give one time: @30');
    const groups = this.#groups();
    if (groups === undefined) return undefined;
    const change = this.#change(command, groups);
    return this.diagnostics.some(({ severity }) => severity === 'error') ? undefined : change;
  }

  #change(command: NetworkCommandName, { groups, isOneWay }: Groups): NetworkChange | undefined {
    const [one, other] = groups;
    if (command !== 'set_link') this.#refuseNamed(command);
    switch (command) {
      case 'set_link':
        return this.#setLink(groups, isOneWay);
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
        if (groups.length > 1) this.#complain(`${command} takes one group`, `write ${command} {1-10}`);
        return { type: command, group: one ?? this.#everyone() };
    }
  }

  #setLink(groups: Groups['groups'], isOneWay: boolean): NetworkChange | undefined {
    const { words, command } = this.#event;
    let change: LinkChange = {};
    for (const word of words) {
      if (word.name === undefined) continue;
      const result = parseLinkSetting(word.name, word.value);
      if (result.ok) change = { ...change, ...result.change };
      else this.#complain(result.message, result.hint, word);
    }
    if (!words.some(({ name }) => name !== undefined))
      this.#complain(`${command} sets nothing`, 'write what it is to set: latency=200 jitter=0..10 loss=5%');
    if (groups.length > 2)
      this.#complain(`${command} takes two groups at most`, 'write {1-10} {11-20}, or {1-10} to {11-20}');
    if (isOneWay && groups.length !== 2) this.#complain('"to" stands between two groups', 'write {1-10} to {11-20}');
    const [from, to]: readonly InstanceGroup[] = groups;
    return { type: 'set-link', from, to, direction: isOneWay ? 'one-way' : 'both', change };
  }

  #partition(groups: Groups['groups'], isOneWay: boolean): NetworkChange | undefined {
    const [only] = groups;
    if (only === undefined || isOneWay) {
      this.#complain(
        'partition needs groups',
        'write partition {1-50} {51-100}, or partition {1-50} to part these from all others',
      );
      return undefined;
    }
    if (groups.length === 1)
      return {
        type: 'partition',
        groups: [
          only,
          rangesOf(complementOf({ kind: 'some', ranges: only }, this.#instanceCount), this.#instanceCount),
        ],
      };
    for (const [index, group] of groups.entries())
      for (const other of groups.slice(index + 1)) {
        const both = intersectionOf({ kind: 'some', ranges: group }, { kind: 'some', ranges: other });
        const [first] = rangesOf(both, this.#instanceCount);
        if (first !== undefined)
          this.#complain(
            `instance ${first.from} is in two groups of the partition`,
            'an instance can be in one of them',
          );
      }
    return { type: 'partition', groups };
  }

  #everyone(): readonly InstanceRange[] {
    return rangesOf(ALL_PEERS, this.#instanceCount);
  }

  /** The groups in the line, of which the last is its PEERSPEC. */
  #groups(): Groups | undefined {
    const { words, peers } = this.#event;
    const positional = words.filter(({ name }) => name === undefined);
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
