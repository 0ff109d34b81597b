import { readInstancePorts } from '../../output/address-list.js';
import { instancesWithDirectory } from '../../output/instance-files.js';
import type { RecordedInstance, RunRecord } from '../../output/record/run-record.js';

/**
 * The instances of a run: those of its record, or – when the run did not get so far as to write them down – those that have a directory,
 * with the ports that stand in `addresses.json`.
 */
export function instancesOf(outputDir: string, { instances = [] }: RunRecord): readonly RecordedInstance[] {
  if (instances.length > 0) return instances;
  const ports = readInstancePorts(outputDir);
  return instancesWithDirectory(outputDir).map((id) => {
    const port = ports.get(id);
    return { id, ...(port === undefined ? {} : { port }) };
  });
}
