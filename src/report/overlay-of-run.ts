import { fileName } from './naming/file-name.js';
import type { ReportNames } from './naming/report-names.js';
import { ourName, type WantedName } from './naming/wanted-name.js';
import type { Logs } from './read/instance-logs.js';
import type { RunRecord } from '../output/record/run-record.js';
import type { OverlayGraph } from './report-data.js';

/** Which instances knew each other at the end, for each community. An instance is recognised by the port of its address. */
export function overlaysOf(
  record: RunRecord,
  { neighbours, types }: Logs,
  names: ReportNames,
): readonly OverlayGraph[] {
  const idByPort = new Map((record.instances ?? []).map(({ id, port }) => [String(port), id]));
  for (const community of neighbours.keys()) names.want(nameOf(community));
  return [...neighbours].map(([community, byInstance]) => ({
    name: names.of(nameOf(community)),
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

/** Names of classes are kept as they are; other names are made safe. */
const CLASS_NAME = /^\w{1,100}$/;

function nameOf(community: string): WantedName {
  const isClassName = CLASS_NAME.test(community);
  return ourName(`overlay-${isClassName ? community : fileName(community)}`, `overlay-${community}`);
}
