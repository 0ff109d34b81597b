import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readTextFile } from '../../runtime/read-text-file.js';
import type { RunRecord } from './run-record.js';

export type InstanceOfRun = NonNullable<RunRecord['instances']>[number];

/** What the run tells its external commands: where everybody can be reached. */
const ADDRESSES_FILE = 'addresses.json';

/**
 * The instances of a run: those of its record, or – of a run that did not get so far as to write them down – those that have a directory,
 * with the ports that stand in `addresses.json`.
 */
export function instancesOf(outputDir: string, { instances = [] }: RunRecord): readonly InstanceOfRun[] {
  if (instances.length > 0) return instances;
  const ports = portsIn(join(outputDir, ADDRESSES_FILE));
  return readdirSync(outputDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^[1-9]\d{0,8}$/.test(entry.name))
    .map(({ name }) => Number(name))
    .sort((one, other) => one - other)
    .map((id) => {
      const port = ports.get(id);
      return { id, ...(port === undefined ? {} : { port }) };
    });
}

function portsIn(file: string): ReadonlyMap<number, number> {
  const read = readTextFile(file);
  if (!read.ok) return new Map();
  try {
    const { instances } = JSON.parse(read.text) as { readonly instances: readonly { id: unknown; port: unknown }[] };
    return new Map(
      instances.flatMap(({ id, port }) => (typeof id === 'number' && typeof port === 'number' ? [[id, port]] : [])),
    );
  } catch {
    // It is not of this program: then no ports are known.
    return new Map();
  }
}
