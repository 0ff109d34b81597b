import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readTextFile } from '../runtime/read-text-file.js';
import { writeFailed } from './write-output-file.js';

/** The file lies in the output directory; external commands read it as well. */
const FILE = 'addresses.json';

/** Where trackers and instances can be reached: trackers by their sockets, instances by the variables that they have published. */
interface AddressList {
  readonly trackers: readonly { readonly host: string; readonly port: number }[];
  readonly instances: readonly { readonly id: number; readonly host: unknown; readonly port: unknown }[];
}

/**
 * Tells external commands where trackers and instances can be reached: writes `addresses.json`, which appears as a
 * whole when all instances are ready.
 * @throws GumbyError OUTPUT_WRITE_FAILED
 */
export async function writeAddresses(
  outputDir: string,
  trackers: AddressList['trackers'],
  instances: readonly { readonly id: number; readonly vars: { readonly host?: unknown; readonly port?: unknown } }[],
): Promise<void> {
  const list: AddressList = {
    trackers,
    instances: instances.map(({ id, vars: { host, port } }) => ({ id, host, port })),
  };
  const file = join(outputDir, FILE);
  try {
    await writeFile(`${file}.part`, `${JSON.stringify(list, undefined, 2)}\n`);
    await rename(`${file}.part`, file);
  } catch (cause) {
    throw writeFailed(file, cause);
  }
}

/** The ports of the instances; an empty map when there is no such file, or the file is another program's. */
export function readInstancePorts(outputDir: string): ReadonlyMap<number, number> {
  const read = readTextFile(join(outputDir, FILE));
  if (!read.ok) return new Map();
  try {
    const { instances } = JSON.parse(read.text) as {
      readonly instances: readonly Readonly<Record<keyof AddressList['instances'][number], unknown>>[];
    };
    return new Map(
      instances.flatMap(({ id, port }) => (typeof id === 'number' && typeof port === 'number' ? [[id, port]] : [])),
    );
  } catch {
    return new Map();
  }
}
