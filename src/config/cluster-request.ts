import type { Diagnostic } from '../runtime/diagnostic.js';
import type { InstanceCommand, RunCommand } from './command.js';
import type { OptionReader } from './option-reader.js';

/** The option that asks for a cluster, if one does: as an error, because a run on a cluster is not available. */
export function clusterRequest(
  reader: OptionReader,
  instances: InstanceCommand,
  setup: RunCommand,
): Diagnostic | undefined {
  const asking = whatAsks(reader, instances, setup);
  if (asking === undefined) return undefined;
  const { key, what } = asking;
  return {
    severity: 'error',
    message: `${what} asks for a run on a cluster, which is not available yet`,
    ...reader.place(key),
    hint: 'leave it out to run all instances in this process',
  };
}

function whatAsks(
  reader: OptionReader,
  instances: InstanceCommand,
  setup: RunCommand,
): { key: string; what: string } | undefined {
  if (instances.kind === 'cluster') return { key: 'local_instance_cmd', what: instances.name };
  if (setup.kind === 'built-in' && setup.name === 'das4_setup.sh') return { key: 'local_setup_cmd', what: setup.name };
  const heads = reader.entry('head_nodes')?.values.filter((head) => head.trim() !== '') ?? [];
  return heads.length === 0 ? undefined : { key: 'head_nodes', what: 'head_nodes' };
}
