import type { Logs } from './read/instance-logs.js';
import type { RunRecord } from './read/run-record.js';
import type { OverlayGraph } from './report-data.js';

/** Who knew whom at the end, for each community: addresses are told apart by their ports. */
export function overlaysOf(record: RunRecord, { neighbours, types }: Logs): readonly OverlayGraph[] {
  const idByPort = new Map((record.instances ?? []).map(({ id, port }) => [String(port), id]));
  return [...neighbours].map(([community, byInstance]) => ({
    community,
    nodes: [...byInstance.keys()].map((id) => {
      const type = types.get(id);
      return { id, ...(type === undefined ? {} : { type }) };
    }),
    edges: [...byInstance].flatMap(([id, addresses]) =>
      addresses.flatMap((address) => {
        const other = idByPort.get(address.slice(address.lastIndexOf(':') + 1));
        return other === undefined || !byInstance.has(other) ? [] : [[id, other] as const];
      }),
    ),
  }));
}
