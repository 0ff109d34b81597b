/**
 * `npm run bench [-- --json] [-- --small] [-- NAME …]`: every figure that the design promises, as a table or as JSON. It names the
 * targets that were missed, and exits with 1 then.
 */
import { parseArgs } from 'node:util';
import type { Figure } from './figure.js';
import { benchCommunityMemory } from './community-memory.js';
import { benchDecoding } from './decoding.js';
import { benchInstances } from './instances.js';
import { benchLateness } from './lateness.js';
import { benchPacked } from './packed.js';
import { benchReport } from './report.js';
import { benchScenario } from './scenario.js';
import { benchSignedMessage } from './signed-message.js';
import { benchStatistics } from './statistics.js';
import { benchSync } from './sync.js';
import { benchVirtualTime } from './virtual-time.js';

const BENCHES: Readonly<Record<string, (small: boolean) => Promise<readonly Figure[]>>> = {
  scenario: benchScenario,
  'signed-message': benchSignedMessage,
  decoding: benchDecoding,
  sync: benchSync,
  'community-memory': benchCommunityMemory,
  report: benchReport,
  statistics: benchStatistics,
  lateness: benchLateness,
  instances: benchInstances,
  packed: benchPacked,
  'virtual-time': benchVirtualTime,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, small: { type: 'boolean', default: false } },
});
const unknown = positionals.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  console.error(`there is no bench ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}`);
  process.exit(2);
}
const figures: Figure[] = [];
for (const [name, bench] of Object.entries(BENCHES)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  if (!values.json) console.error(`${name} …`);
  figures.push(...(await bench(values.small)));
}
if (values.json) console.log(JSON.stringify(figures, undefined, 2));
else
  console.table(Object.fromEntries(figures.map(({ name, ...rest }) => [name, rest])), [
    'value',
    'floor',
    'ratio',
    'unit',
    'target',
    'met',
  ]);
const missed = figures.filter(({ met }) => !met);
for (const { name, value, ratio, unit, target } of missed)
  console.error(`missed: ${name}: ${ratio === undefined ? `${value} ${unit}` : `ratio ${ratio}`}, target ${target}`);
if (missed.length > 0) process.exitCode = 1;
