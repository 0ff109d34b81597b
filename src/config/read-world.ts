import { type Bandwidth, BANDWIDTH_SETTING_NAMES, parseBandwidthSetting } from '../network/links/bandwidth.js';
import { constant, type Distribution } from '../network/links/distribution.js';
import type { ParsedSetting } from '../network/links/parsed.js';
import type { RegionPlan } from '../network/links/regions.js';
import {
  DEFAULT_LINK,
  LINK_SETTING_NAMES,
  type LinkSettings,
  parseLinkSetting,
} from '../network/links/link-settings.js';
import type { OptionReader } from './option-reader.js';
import { samplesIn } from './samples-in.js';
import { readRegions } from './read-regions.js';
import { type NatConfig, readNats } from './read-nats.js';
import { type ChoiceOf, findOption, type OptionKey } from './options.js';
import type { Instances } from './read-instances.js';
import type { RunCommand } from './command.js';

/** The time and the network that a run lives in. */
export interface WorldConfig {
  readonly clock: ChoiceOf<'clock'>;
  /** How many seconds of the experiment may pass in a second of the machine's time; `Infinity` for as many as can. */
  readonly clockSpeed: number;
  /** The Unix time at which virtual time is 0, in milliseconds. */
  readonly epochMs: number;
  readonly network: ChoiceOf<'network'>;
  /** Whether the configuration sets anything about links or bandwidths. */
  readonly setsLinks: boolean;
  /** The links of the network, until the scenario changes them; what they add to the machine's own where that is used. */
  readonly links: LinkSettings;
  /** Where instances live; undefined where latencies do not depend on it. */
  readonly regions?: RegionPlan;
  /** The connections of instances, until the scenario changes them. */
  readonly bandwidth: Bandwidth;
  /** The NATs of the emulated network, until the scenario changes them. */
  readonly nats: NatConfig;
  /** Whether every event is written to a trace. */
  readonly traces: boolean;
  /** How long one event of virtual time may keep the machine. */
  readonly windowLimitMs: number;
}

const WINDOW_LIMIT_MIN_MS = 1000;

/** The options that mean something in virtual time alone. */
const VIRTUAL_ONLY = ['clock_speed', 'clock_epoch', 'window_limit', 'trace'] as const satisfies readonly OptionKey[];
/** The options that sockets of the system cannot do. */
const EMULATED_ONLY = [
  ...(['nat', 'nat_timeout', 'nat_refresh', 'nat_hairpinning', 'link_mtu'] as const),
] satisfies readonly OptionKey[];
/** The options that change links, on every network. */
const OF_LINKS = [
  'link_matrix',
  ...BANDWIDTH_SETTING_NAMES.map((name) => `bandwidth_${name}` as const),
  ...LINK_SETTING_NAMES.map((name) => `link_${name}` as const),
] satisfies readonly OptionKey[];

/** Reads the options of time and network, and holds them against each other. */
export function readWorld(
  reader: OptionReader,
  instances: Instances | undefined,
  trackerCommand: RunCommand,
  experimentDir: string,
): WorldConfig {
  const clock = reader.choice('clock');
  const isVirtual = clock === 'virtual';
  const network = reader.entry('network') === undefined && isVirtual ? 'emulated' : reader.choice('network');
  reader.export('network', network);
  if (isVirtual && network === 'udp')
    reader.complain(
      'network',
      'network is "udp" with clock = virtual: sockets of the system know nothing of virtual time',
      'leave network out, or set it to emulated',
    );
  const isSet = (key: OptionKey) => reader.whole(key).trim() !== defaultOf(key);
  const setsLinks = OF_LINKS.some((key) => reader.entry(key) !== undefined && (key === 'link_latency' || isSet(key)));
  const regions = readRegions(reader, experimentDir, instances?.count ?? 0);
  const given = readSettings(
    reader,
    'link',
    LINK_SETTING_NAMES,
    (name, text) => parseLinkSetting(name, text, samplesIn(experimentDir)),
    DEFAULT_LINK,
  );
  // Sockets of the system have a latency of their own, to which nothing is added unless somebody says so.
  const addsNothing = network === 'udp' && reader.entry('link_latency') === undefined;
  const links = addsNothing ? { ...given, latency: constant(0) } : given;
  checkProcesses(reader, { clock, network, setsLinks }, instances, trackerCommand);
  if (!isVirtual)
    for (const key of VIRTUAL_ONLY.filter(isSet))
      reader.warn(key, `${key} means nothing with clock = real`, 'set clock = virtual, or leave it out');
  if (network === 'udp')
    for (const key of EMULATED_ONLY.filter(isSet))
      reader.complain(
        key,
        `${key} needs the emulated network, and network is "udp"`,
        'set network = emulated, or leave it out',
      );
  return {
    clock,
    clockSpeed: readSpeed(reader),
    epochMs: readEpoch(reader),
    network,
    setsLinks,
    links: regions === undefined ? links : { ...links, latency: rangeOf(regions) },
    ...(regions === undefined ? {} : { regions }),
    bandwidth: readSettings(reader, 'bandwidth', BANDWIDTH_SETTING_NAMES, parseBandwidthSetting, NO_BANDWIDTH_LIMIT),
    nats: readNats(reader, instances?.count ?? 0),
    traces: isVirtual && reader.choice('trace') === 'on',
    windowLimitMs: readWindowLimit(reader),
  };
}

function defaultOf(key: OptionKey): string {
  return findOption(key)?.default ?? '';
}

/** Processes outside of this one live in real time, on the machine's own network. */
function checkProcesses(
  reader: OptionReader,
  { clock, network, setsLinks }: Pick<WorldConfig, 'clock' | 'network' | 'setsLinks'>,
  instances: Instances | undefined,
  trackerCommand: RunCommand,
): void {
  const [what, hint] =
    clock === 'virtual'
      ? ['with clock = virtual', 'processes live in real time: set clock = real for them']
      : network === 'emulated'
        ? ['with network = emulated', 'processes have sockets of the system: set network = udp for them']
        : ['and links are set', 'what processes send does not go over these links: leave them out'];
  if (clock === 'real' && network === 'udp' && !setsLinks) return;
  if (trackerCommand.kind === 'shell')
    reader.complain('tracker_cmd', `tracker_cmd is an external command, ${what}`, hint);
  const { kind } = instances?.command ?? {};
  if (kind === 'shell' || (kind === 'guard' && instances?.count === 0))
    reader.complain('local_instance_cmd', `local_instance_cmd is an external command, ${what}`, hint);
}

function readSpeed(reader: OptionReader): number {
  const text = reader.text('clock_speed').trim();
  if (text === 'max') return Infinity;
  const speed = Number(text);
  if (text !== '' && speed > 0 && Number.isFinite(speed)) return speed;
  reader.complain(
    'clock_speed',
    `clock_speed is "${text}"`,
    'expected max, or how many seconds of the experiment may pass in a second: 1 feels like real time',
  );
  return Infinity;
}

function readEpoch(reader: OptionReader): number {
  const text = reader.text('clock_epoch').trim();
  const epochMs = ISO_DATE.test(text) ? Date.parse(text) : Number.NaN;
  if (epochMs >= 0) return epochMs;
  reader.complain('clock_epoch', `clock_epoch is "${text}"`, 'expected a date from 1970 on, like 2026-01-01T00:00:00Z');
  return 0;
}

/** A date by itself is UTC; a time without a zone would mean another moment on every machine. */
const ISO_DATE = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;

const NO_BANDWIDTH_LIMIT: Bandwidth = { up: Infinity, down: Infinity, queue: 0 };

/** Reads settings that have an option each, `link_latency` for `latency`. */
function readSettings<Settings extends object, Prefix extends 'link' | 'bandwidth', Name extends string>(
  reader: OptionReader,
  prefix: Prefix,
  names: readonly (`${Prefix}_${Name}` extends OptionKey ? Name : never)[],
  parse: (name: string, text: string) => ParsedSetting<Partial<Settings>>,
  start: Settings,
): Settings {
  let settings = start;
  for (const name of names) {
    const key = `${prefix}_${name}` as OptionKey;
    const result = parse(name, reader.text(key));
    if (result.ok) settings = { ...settings, ...result.change };
    else reader.complain(key, `${prefix}_${result.message}`, result.hint);
  }
  return settings;
}

/** The shortest and the longest latency between regions: what is counted on where nobody asks for a pair. */
function rangeOf({ oneWayMs }: RegionPlan): Distribution {
  const all = oneWayMs.flat();
  return { from: Math.min(...all), to: Math.max(...all), shape: 'uniform' };
}

function readWindowLimit(reader: OptionReader): number {
  const limitMs = reader.milliseconds('window_limit');
  if (limitMs < WINDOW_LIMIT_MIN_MS)
    reader.complain('window_limit', `window_limit is "${reader.text('window_limit')}"`, 'expected 1 second at least');
  return limitMs;
}
