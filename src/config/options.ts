import { formatLimit, LIMIT_NAMES, LIMITS } from './limits.js';

/** What a value has to be. */
export type OptionType =
  | { readonly kind: 'text' }
  | { readonly kind: 'path' }
  | { readonly kind: 'command' }
  | { readonly kind: 'boolean' }
  /** A whole number, or a word that stands for one. */
  | { readonly kind: 'integer'; readonly min?: number; readonly max?: number; readonly word?: string }
  /** Seconds, with a fraction. */
  | { readonly kind: 'seconds' }
  /** A port, or `__unique_port__`, which has to be free for `protocol`. */
  | { readonly kind: 'port'; readonly protocol: 'tcp' | 'udp' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  /** One of these or several, or a word for none of them. */
  | { readonly kind: 'choices'; readonly choices: readonly string[]; readonly none: string }
  /** Two numbers: above the first a run is DEGRADED, above the second INVALID; `none` for never. */
  | { readonly kind: 'limit'; readonly unit: string };

export interface Option {
  readonly key: string;
  readonly aliases: readonly string[];
  readonly type: OptionType;
  readonly default?: string;
  /** A sentence for people. */
  readonly meaning: string;
}

const INTEGER = { kind: 'integer', min: 0 } as const;

/** More instances than any machine holds: what is above is a slip of the finger, and would only fail later. */
const INSTANCES_MAX = 100_000;

/** Every option that means something to this program; any other key is legal and exported to the commands of a run. */
export const OPTIONS: readonly Option[] = [
  option('experiment_name', { kind: 'text' }, 'names the run in outputs and reports'),
  option(
    'experiment_time',
    { kind: 'seconds' },
    'limit on the run from GO on, 0 for none; what still runs then is stopped, and the run fails',
    '0',
  ),
  option('scenario_file', { kind: 'path' }, 'the scenario, relative to the configuration file'),
  option('instances', { kind: 'integer', min: 1, max: INSTANCES_MAX }, 'how many instances', undefined, [
    'sync_subscribers_amount',
    'instances_to_run',
    'das4_instances_to_run',
    'das_instances_to_run',
  ]),
  option(
    'instances_per_worker',
    { kind: 'integer', min: 1, word: 'auto' },
    'how many instances share a worker thread; auto: as many threads as there are cores',
    '1',
  ),
  option(
    'instance_memory',
    { kind: 'integer', min: 16 },
    'memory in MiB, heap and Buffers together, after which an instance is ended as out of memory',
    '256',
  ),
  option('local_instance_cmd', { kind: 'command' }, 'what to run; by default all instances in this process'),
  option('local_setup_cmd', { kind: 'command' }, 'runs before the instances start'),
  option('post_process_cmd', { kind: 'command' }, 'runs after the instances have ended'),
  option(
    'experiment_server_cmd',
    { kind: 'command' },
    'experiment_server.py is the built-in coordinator; empty: instances start unsynchronised',
    'experiment_server.py',
  ),
  option('sync_host', { kind: 'text' }, 'kept for instances outside this process, which are not available yet'),
  option(
    'sync_port',
    { kind: 'port', protocol: 'tcp' },
    'kept for instances outside this process, which are not available yet',
  ),
  option('sync_experiment_start_delay', { kind: 'seconds' }, 'between the last ready and GO', '1'),
  option('tracker_cmd', { kind: 'command' }, 'run_tracker.sh is the built-in tracker'),
  option('tracker_port', { kind: 'port', protocol: 'udp' }, 'first of the consecutive ports of the trackers'),
  option('tracker_ip', { kind: 'text' }, 'where the trackers listen', '127.0.0.1'),
  option(
    'tracker_crypto',
    { kind: 'choice', choices: ['ECCrypto', 'NoVerifyCrypto', 'NoCrypto'] },
    'crypto of the trackers',
    'ECCrypto',
  ),
  option('output_dir', { kind: 'path' }, 'where the run writes, relative to the project directory', 'output'),
  option('seed', { kind: 'text' }, 'seed of all chance in the run; by default a new one each time'),
  option(
    'report',
    { kind: 'choice', choices: ['all', 'tables', 'none'] },
    'what is made of the measurements after the run: tables and graphs, tables only, or nothing',
    'all',
  ),
  option(
    'graphs',
    { kind: 'choices', choices: ['svg', 'png'], none: 'none' },
    'which pictures a report draws: svg, or svg, png, or none; PNG takes three quarters of the time of a report',
    'svg',
  ),
  option('monitor_interval', { kind: 'seconds' }, 'between two looks at processor, memory and network', '1'),
  ...LIMIT_NAMES.map((name) =>
    option(
      `limit_${name}`,
      { kind: 'limit', unit: LIMITS[name].unit },
      `${LIMITS[name].meaning}: above the first a run is DEGRADED, above the second INVALID (${LIMITS[name].unit})`,
      formatLimit(LIMITS[name]),
    ),
  ),
  option('use_local_venv', { kind: 'boolean' }, 'for external Python commands only'),
  option('use_remote_venv', { kind: 'boolean' }, 'for external Python commands only'),
  option('virtualenv_dir', { kind: 'path' }, 'for external Python commands only'),
  option('with_systemtap', { kind: 'boolean' }, 'systemtap probes', 'false'),
  option('das4_node_amount', INTEGER, 'nodes of a cluster run', undefined, ['das_node_amount', 'node_amount']),
  option('das4_node_timeout', INTEGER, 'limit of a cluster run', undefined, ['das_node_timeout', 'node_timeout']),
  option('das4_reserve_duration', INTEGER, 'reservation of a cluster run', undefined, [
    'das_reserve_duration',
    'reserve_duration',
  ]),
  option('das4_node_command', { kind: 'command' }, 'what a cluster node runs', undefined, [
    'das_node_command',
    'node_command',
  ]),
  option('head_nodes', { kind: 'text' }, 'remote head nodes'),
  option('remote_setup_cmd', { kind: 'command' }, 'set-up on remote head nodes'),
  option('remote_instance_cmd', { kind: 'command' }, 'what remote head nodes run'),
  option('remote_workspace_dir', { kind: 'path' }, 'workspace on remote head nodes'),
];

/** What a port asks for instead of a number. */
export const UNIQUE_PORT = '__unique_port__';

/** The option that `key` is the name of, or another name of. */
export function findOption(key: string): Option | undefined {
  return OPTIONS.find((option) => option.key === key || option.aliases.includes(key));
}

function option(
  key: string,
  type: OptionType,
  meaning: string,
  defaultValue?: string,
  aliases: readonly string[] = [],
): Option {
  return { key, type, meaning, aliases, ...(defaultValue === undefined ? {} : { default: defaultValue }) };
}
