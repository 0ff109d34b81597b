import { createHash } from 'node:crypto';

/** What the port is derived from: the same for every run of one experiment by one user. */
export interface UniquePortSeed {
  readonly user: string;
  readonly experimentName: string;
  readonly directory: string;
  readonly key: string;
}

/** Whether nothing is bound to this port of 127.0.0.1, neither TCP nor UDP. */
export type PortProbe = (port: number) => Promise<boolean>;

export interface UniquePort {
  readonly port: number;
  /** The port that was wanted; differs from `port` when that was taken. */
  readonly wanted: number;
}

const FIRST_PORT = 20_000;
const PORT_COUNT = 20_000;

/** Every wanted port taken means that the machine, not the choice, is the problem; looking further than this is no help. */
const TRIES_MAX = 200;

/**
 * A port in 20000..39999 for `__unique_port__`, the next free one when it is taken.
 * @param count - how many consecutive ports have to be free
 * @returns `undefined` when none was found
 */
export async function uniquePort(seed: UniquePortSeed, count: number, isFree: PortProbe): Promise<UniquePort | undefined> {
  const parts = [seed.user, seed.experimentName, seed.directory, seed.key];
  const digest = createHash('sha256').update(parts.join('\0')).digest();
  const room = PORT_COUNT - count + 1;
  const wanted = FIRST_PORT + (digest.readUInt32BE(0) % room);
  for (let shift = 0; shift < TRIES_MAX; shift++) {
    const port = FIRST_PORT + ((wanted - FIRST_PORT + shift) % room);
    if (await allFree(port, count, isFree)) return { port, wanted };
  }
  return undefined;
}

async function allFree(port: number, count: number, isFree: PortProbe): Promise<boolean> {
  for (let index = 0; index < count; index++) if (!(await isFree(port + index))) return false;
  return true;
}
