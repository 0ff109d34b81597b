import { createHash } from 'node:crypto';

/** What the port is derived from: the same for every run of one experiment by one user. */
export interface UniquePortSeed {
  readonly user: string;
  readonly experimentName: string;
  readonly directory: string;
  readonly key: string;
}

export type PortProtocol = 'tcp' | 'udp';

/** Whether nothing is bound to this port of 127.0.0.1. */
export type PortProbe = (port: number, protocol: PortProtocol) => Promise<boolean>;

/** The ports that have to be free. */
export interface PortDemand {
  /** How many consecutive ports. */
  readonly count: number;
  readonly protocols: readonly PortProtocol[];
}

export interface UniquePort {
  readonly port: number;
  /** The port that was wanted first; it differs from `port` when it was taken. */
  readonly wanted: number;
}

const FIRST_PORT = 20_000;
const PORT_COUNT = 20_000;

/** Every wanted port taken means that the machine, not the choice, is the problem; trying more ports than this is no help. */
const TRIES_MAX = 200;

/**
 * A port in 20000..39999 for `__unique_port__`, the next free one when it is taken.
 * @returns `undefined` when none was found
 */
export async function uniquePort(
  seed: UniquePortSeed,
  demand: PortDemand,
  isFree: PortProbe,
): Promise<UniquePort | undefined> {
  const parts = [seed.user, seed.experimentName, seed.directory, seed.key];
  const digest = createHash('sha256').update(parts.join('\0')).digest();
  const room = PORT_COUNT - demand.count + 1;
  const wanted = FIRST_PORT + (digest.readUInt32BE(0) % room);
  for (let shift = 0; shift < TRIES_MAX; shift++) {
    const port = FIRST_PORT + ((wanted - FIRST_PORT + shift) % room);
    if (await allFree(port, demand, isFree)) return { port, wanted };
  }
  return undefined;
}

async function allFree(port: number, { count, protocols }: PortDemand, isFree: PortProbe): Promise<boolean> {
  for (let index = 0; index < count; index++)
    for (const protocol of protocols) if (!(await isFree(port + index, protocol))) return false;
  return true;
}
