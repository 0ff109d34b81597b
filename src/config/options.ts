import { CRYPTO_MODE_NAMES } from '../runtime/crypto-modes.js';
import { PICTURE_FORMATS } from '../runtime/picture-formats.js';
import { REPORT_EXTENTS } from '../runtime/report-extents.js';
import { formatLimit, LIMIT_NAMES, type LimitName, LIMITS } from './limits.js';

/** What a value has to be. */
export type OptionType =
  | { readonly kind: 'text' }
  | { readonly kind: 'path' }
  | { readonly kind: 'command' }
  | { readonly kind: 'boolean' }
  /** A whole number, or a word that may stand in its place. */
  | { readonly kind: 'integer'; readonly min?: number; readonly max?: number; readonly word?: string }
  /** Seconds, with a fraction. */
  | { readonly kind: 'seconds' }
  /** A port, or `__unique_port__`, which has to be free for `protocol`. */
  | { readonly kind: 'port'; readonly protocol: 'tcp' | 'udp' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  /** One or several of `choices`, or a word for none of them. */
  | { readonly kind: 'choices'; readonly choices: readonly string[]; readonly none: string }
  /** Two numbers: a value above the first makes a run DEGRADED, one above the second makes it INVALID; `none` for no limit. */
  | { readonly kind: 'limit'; readonly unit: string };

interface OptionDefinition {
  readonly type: OptionType;
  /** A sentence for people. */
  readonly meaning: string;
  /** The default value as it would stand in a file. */
  readonly default?: string;
  /** Other names that Gumby's configurations use. */
  readonly aliases?: readonly string[];
}

/** More instances than any machine holds: a larger number is a slip of the finger, and would only fail later. */
const INSTANCES_MAX = 100_000;

const LIMIT_OPTIONS = Object.fromEntries(
  LIMIT_NAMES.map((name) => {
    const { unit, meaning } = LIMITS[name];
    return [
      `limit_${name}`,
      {
        type: { kind: 'limit', unit },
        meaning: `${meaning}: above the first a run is DEGRADED, above the second INVALID (${unit})`,
        default: formatLimit(LIMITS[name]),
      },
    ];
  }),
) as Readonly<Record<`limit_${LimitName}`, OptionDefinition & { readonly type: { readonly kind: 'limit' } }>>;

/**
 * Every option that means something to this program; any other key is legal and exported to the commands of a run. The types of keys and
 * values, the defaults, the reader and the documentation derive from this table.
 */
const TABLE = {
  experiment_name: { type: { kind: 'text' }, meaning: 'names the run in outputs and reports' },
  experiment_time: {
    type: { kind: 'seconds' },
    meaning: 'limit on the run from GO on, 0 for none; what still runs then is stopped, and the run fails',
    default: '0',
  },
  scenario_file: { type: { kind: 'path' }, meaning: 'the scenario, relative to the configuration file' },
  instances: {
    type: { kind: 'integer', min: 1, max: INSTANCES_MAX },
    meaning: 'how many instances',
    aliases: ['sync_subscribers_amount', 'instances_to_run', 'das4_instances_to_run', 'das_instances_to_run'],
  },
  instances_per_worker: {
    type: { kind: 'integer', min: 1, word: 'auto' },
    meaning:
      'how many instances share a worker thread; auto: as many threads as there are cores, in virtual time as many as help; by default 1, in virtual time auto',
  },
  clock: {
    type: { kind: 'choice', choices: ['real', 'virtual'] },
    meaning: 'virtual: time jumps from event to event, on an emulated network, and nothing ever is late',
    default: 'real',
  },
  clock_speed: {
    type: { kind: 'text' },
    meaning: 'virtual time only: at most so many seconds of the experiment in a second, or max',
    default: 'max',
  },
  clock_epoch: {
    type: { kind: 'text' },
    meaning: 'virtual time only: the date at which it begins',
    default: '2026-01-01T00:00:00Z',
  },
  network: {
    type: { kind: 'choice', choices: ['udp', 'emulated'] },
    meaning:
      'what carries packets: udp, sockets of the system; emulated, a network inside this process, and the only one in virtual time',
    default: 'udp',
  },
  link_latency: {
    type: { kind: 'text' },
    meaning:
      'how long packets take (ms): 20, 20..80, or 20..80 normal, lognormal, pareto, drawn once for each pair; with network = udp nothing is added unless it is set',
    default: '1',
  },
  link_jitter: {
    type: { kind: 'text' },
    meaning: 'what is added to the latency for each packet (ms): 5, or 0..10 normal',
    default: '0',
  },
  link_order: {
    type: { kind: 'text' },
    meaning:
      'free: packets may overtake each other by their jitter; kept: they arrive in the order in which they were sent',
    default: 'free',
  },
  link_reorder: {
    type: { kind: 'text' },
    meaning:
      'the share of packets that take twice the latency of their link, so that others overtake them: 1%, or 0.01',
    default: '0',
  },
  link_loss: {
    type: { kind: 'text' },
    meaning: 'the share of packets that are lost: 5%, or 0.05',
    default: '0',
  },
  link_matrix: {
    type: { kind: 'text' },
    meaning:
      'a CSV file of latencies between regions (ms, one way), beside this file, or world for twelve regions of the world; in the place of link_latency',
  },
  regions: {
    type: { kind: 'text' },
    meaning: 'which instances live in which region of link_matrix: north {1-10}, south {11-20}; all others in turn',
  },
  link_burst: {
    type: { kind: 'text' },
    meaning: 'how many packets in a row are lost on average, where link_loss loses some; 1 for losses each on its own',
    default: '1',
  },
  link_duplicate: {
    type: { kind: 'text' },
    meaning: 'the share of packets that arrive twice: 1%, or 0.01',
    default: '0',
  },
  link_corrupt: {
    type: { kind: 'text' },
    meaning: 'the share of packets that arrive with one bit flipped: 1%, or 0.01',
    default: '0',
  },
  link_mtu: {
    type: { kind: 'text' },
    meaning: 'the longest packet that the emulated network carries (bytes, with 28 of headers); longer ones are lost',
    default: 'none',
  },
  bandwidth_up: {
    type: { kind: 'text' },
    meaning: 'how much each instance can send: 512kbit, 8mbit (per second), or none for no limit',
    default: 'none',
  },
  bandwidth_down: {
    type: { kind: 'text' },
    meaning: 'how much each instance can receive: 512kbit, 8mbit (per second), or none for no limit',
    default: 'none',
  },
  bandwidth_queue: {
    type: { kind: 'text' },
    meaning:
      'how much waits at each end of a connection with a limit, in each direction, before packets are lost: 64kB',
    default: '64kB',
  },
  nat: {
    type: { kind: 'text' },
    meaning:
      'what stands before instances of the emulated network: none, full-cone, restricted, port-restricted, symmetric or firewall, with groups: port-restricted {1-40}, symmetric {41-50} shared',
    default: 'none',
  },
  nat_timeout: {
    type: { kind: 'seconds' },
    meaning: 'how long a NAT remembers a mapping that is not used',
    default: '120',
  },
  nat_refresh: {
    type: { kind: 'choice', choices: ['outbound', 'both'] },
    meaning: 'the packets that keep a mapping of a NAT alive: those that go out, or those that come in, too',
    default: 'outbound',
  },
  nat_hairpinning: {
    type: { kind: 'choice', choices: ['off', 'on'] },
    meaning: 'whether instances behind a shared NAT reach each other by its outside address',
    default: 'off',
  },
  trace: {
    type: { kind: 'choice', choices: ['off', 'on'] },
    meaning: 'virtual time only: on writes a trace of every event, for gumby diff',
    default: 'off',
  },
  pcap: {
    type: { kind: 'text' },
    meaning:
      'whose packets are captured in a file for Wireshark: off, on for all instances and the built-in trackers, or some instances: {1-5, 9}',
    default: 'off',
  },
  window_limit: {
    type: { kind: 'seconds' },
    meaning: "virtual time only: the machine's time that one event may take; longer ends its instance",
    default: '30',
  },
  instance_memory: {
    type: { kind: 'integer', min: 16 },
    meaning: 'memory in MiB, heap and Buffers together, after which an instance is ended as out of memory',
    default: '256',
  },
  local_instance_cmd: { type: { kind: 'command' }, meaning: 'what to run; by default all instances in this process' },
  local_setup_cmd: { type: { kind: 'command' }, meaning: 'runs before the instances start' },
  post_process_cmd: { type: { kind: 'command' }, meaning: 'runs after the instances have ended' },
  experiment_server_cmd: {
    type: { kind: 'command' },
    meaning: 'experiment_server.py is the built-in coordinator; empty: instances start unsynchronised',
    default: 'experiment_server.py',
  },
  sync_host: {
    type: { kind: 'text' },
    meaning: 'kept for instances outside this process, which are not available yet',
  },
  sync_port: {
    type: { kind: 'port', protocol: 'tcp' },
    meaning: 'kept for instances outside this process, which are not available yet',
  },
  sync_experiment_start_delay: { type: { kind: 'seconds' }, meaning: 'between the last ready and GO', default: '1' },
  tracker_cmd: { type: { kind: 'command' }, meaning: 'run_tracker.sh is the built-in tracker' },
  tracker_port: { type: { kind: 'port', protocol: 'udp' }, meaning: 'first of the consecutive ports of the trackers' },
  tracker_ip: { type: { kind: 'text' }, meaning: 'where the trackers listen', default: '127.0.0.1' },
  tracker_crypto: {
    type: { kind: 'choice', choices: CRYPTO_MODE_NAMES },
    meaning: 'crypto of the trackers',
    default: 'ECCrypto',
  },
  output_dir: {
    type: { kind: 'path' },
    meaning: 'where the run writes, relative to the project directory',
    default: 'output',
  },
  seed: { type: { kind: 'text' }, meaning: 'seed of all chance in the run; by default a new one each time' },
  report: {
    type: { kind: 'choice', choices: REPORT_EXTENTS },
    meaning: 'what is made of the measurements after the run: tables and graphs, tables only, or nothing',
    default: 'all',
  },
  graphs: {
    type: { kind: 'choices', choices: PICTURE_FORMATS, none: 'none' },
    meaning:
      'which pictures a report draws: svg, or svg, png, or none; PNG takes three times as long as everything else in a report',
    default: 'svg',
  },
  monitor_interval: {
    type: { kind: 'seconds' },
    meaning: 'between two looks at processor, memory and network',
    default: '1',
  },
  ...LIMIT_OPTIONS,
  use_local_venv: { type: { kind: 'boolean' }, meaning: 'for external Python commands only' },
  use_remote_venv: { type: { kind: 'boolean' }, meaning: 'for external Python commands only' },
  virtualenv_dir: { type: { kind: 'path' }, meaning: 'for external Python commands only' },
  with_systemtap: { type: { kind: 'boolean' }, meaning: 'systemtap probes', default: 'false' },
  das4_node_amount: {
    type: { kind: 'integer', min: 0 },
    meaning: 'nodes of a cluster run',
    aliases: ['das_node_amount', 'node_amount'],
  },
  das4_node_timeout: {
    type: { kind: 'integer', min: 0 },
    meaning: 'limit of a cluster run',
    aliases: ['das_node_timeout', 'node_timeout'],
  },
  das4_reserve_duration: {
    type: { kind: 'integer', min: 0 },
    meaning: 'reservation of a cluster run',
    aliases: ['das_reserve_duration', 'reserve_duration'],
  },
  das4_node_command: {
    type: { kind: 'command' },
    meaning: 'what a cluster node runs',
    aliases: ['das_node_command', 'node_command'],
  },
  head_nodes: { type: { kind: 'text' }, meaning: 'remote head nodes' },
  remote_setup_cmd: { type: { kind: 'command' }, meaning: 'set-up on remote head nodes' },
  remote_instance_cmd: { type: { kind: 'command' }, meaning: 'what remote head nodes run' },
  remote_workspace_dir: { type: { kind: 'path' }, meaning: 'workspace on remote head nodes' },
} as const satisfies Readonly<Record<string, OptionDefinition>>;

type Table = typeof TABLE;

export type OptionKey = keyof Table;

/** The keys of all options of one kind. */
export type OptionKeyOf<Kind extends OptionType['kind']> = {
  [Key in OptionKey]: Table[Key]['type']['kind'] extends Kind ? Key : never;
}[OptionKey];

/** The values that a choice may have. */
export type ChoiceOf<Key extends OptionKeyOf<'choice' | 'choices'>> = Table[Key]['type']['choices'][number];

/** The word that may stand in the place of a whole number. */
export type WordOf<Key extends OptionKeyOf<'integer'>> = Table[Key]['type'] extends { readonly word: infer Word }
  ? Word
  : never;

export interface Option extends OptionDefinition {
  readonly key: OptionKey;
  readonly aliases: readonly string[];
}

export const OPTIONS: readonly Option[] = Object.entries<OptionDefinition>(TABLE).map(([key, definition]) => ({
  aliases: [],
  ...definition,
  key: key as OptionKey,
}));

export function keysOf<Kind extends OptionType['kind']>(kind: Kind): readonly OptionKeyOf<Kind>[] {
  return OPTIONS.filter(({ type }) => type.kind === kind).map(({ key }) => key as OptionKeyOf<Kind>);
}

/** The word that stands in the place of a port's number and asks for a free port. */
export const UNIQUE_PORT = '__unique_port__';

/** The option whose name, or other name, is `key`. */
export function findOption(key: string): Option | undefined {
  return OPTIONS.find((option) => option.key === key || option.aliases.includes(key));
}
