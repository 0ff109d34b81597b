import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Address } from '../../network/address.js';
import { GumbyError } from '../../runtime/errors.js';
import type { InstanceActor } from '../instances/instance-actor.js';

const FILE = 'addresses.json';

/**
 * Tells external commands where everyone can be reached: `addresses.json` in the output directory, which appears whole when
 * all instances are ready.
 * @throws GumbyError OUTPUT_WRITE_FAILED
 */
export async function writeAddresses(
  outputDir: string,
  trackers: readonly Address[],
  instances: readonly InstanceActor[],
): Promise<void> {
  const list = { trackers, instances: instances.map(({ id, vars: { host, port } }) => ({ id, host, port })) };
  const file = join(outputDir, FILE);
  try {
    await writeFile(`${file}.part`, `${JSON.stringify(list, undefined, 2)}\n`);
    await rename(`${file}.part`, file);
  } catch (cause) {
    throw new GumbyError('OUTPUT_WRITE_FAILED', `cannot write ${file}: ${(cause as Error).message}`, {
      context: { file },
      cause,
    });
  }
}
