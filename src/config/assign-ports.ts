import type { OptionReader } from './option-reader.js';
import { findOption, UNIQUE_PORT } from './options.js';
import { type PortDemand, type PortProbe, type PortProtocol, uniquePort, type UniquePortSeed } from './unique-port.js';

export interface AssignedPorts {
  readonly syncPort?: number;
  readonly trackerPort?: number;
}

/** The source of free ports. */
export interface PortSource {
  readonly identity: Omit<UniquePortSeed, 'key'>;
  readonly isPortFree: PortProbe;
}

/** Where ports come from. */
export interface PortSources {
  /** The ports of this machine. */
  readonly machine: PortSource;
  /** The ports of the network that trackers and instances are on. */
  readonly network: PortSource;
}

/**
 * Reads the ports of a configuration, and gives a port to every key, known or not, that asks for `__unique_port__`; the
 * port that was given is exported in the place of the wish.
 * @param keys - all keys that were given, in order
 * @param trackers - how many consecutive ports `tracker_port` stands for
 */
export async function assignPorts(
  reader: OptionReader,
  keys: Iterable<string>,
  trackers: number,
  { machine, network }: PortSources,
): Promise<AssignedPorts> {
  const taken = new Set<number>();
  const syncPort = await readPort(reader, 'sync_port', demandOf('sync_port', 1), machine, taken);
  const trackerPort = await readPort(reader, 'tracker_port', demandOf('tracker_port', trackers), network, taken);
  for (const key of keys)
    if (findOption(key)?.type.kind !== 'port' && reader.variables[key.toUpperCase()] === UNIQUE_PORT)
      await givePort(reader, key, demandOf(key, 1), machine, taken);
  return { ...(syncPort === undefined ? {} : { syncPort }), ...(trackerPort === undefined ? {} : { trackerPort }) };
}

/** A port whose use is unknown here has to be free for both protocols. */
function demandOf(key: string, count: number): PortDemand {
  const type = findOption(key)?.type;
  const protocols: readonly PortProtocol[] = type?.kind === 'port' ? [type.protocol] : ['tcp', 'udp'];
  return { count, protocols };
}

async function readPort(
  reader: OptionReader,
  key: string,
  demand: PortDemand,
  source: PortSource,
  taken: Set<number>,
): Promise<number | undefined> {
  const text = reader.given(key)?.trim() ?? '';
  if (text === '') return undefined;
  if (text === UNIQUE_PORT) return givePort(reader, key, demand, source, taken);
  const port = Number(text);
  const last = 65_536 - demand.count;
  if (/^\d+$/.test(text) && port >= 1 && port <= last) {
    claim(taken, port, demand.count);
    return port;
  }
  reader.complain(key, `${key} is "${text}"`, `expected a port from 1 to ${last}, or ${UNIQUE_PORT}`);
  return undefined;
}

async function givePort(
  reader: OptionReader,
  key: string,
  demand: PortDemand,
  { identity, isPortFree }: PortSource,
  taken: Set<number>,
): Promise<number | undefined> {
  const probe: PortProbe = async (port, protocol) => !taken.has(port) && (await isPortFree(port, protocol));
  const found = await uniquePort({ ...identity, key }, demand, probe);
  if (found === undefined) {
    reader.complain(key, `no free port was found for ${key}`, `give a number instead of ${UNIQUE_PORT}`);
    return undefined;
  }
  claim(taken, found.port, demand.count);
  reader.export(key, String(found.port));
  if (found.port !== found.wanted) reader.warn(key, `port ${found.wanted} of ${key} is taken: using ${found.port}`);
  return found.port;
}

function claim(taken: Set<number>, port: number, count: number): void {
  for (let index = 0; index < count; index++) taken.add(port + index);
}
