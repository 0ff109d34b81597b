import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { loadConfig } from '../../src/config/load-config.js';
import { formatDiagnostic } from '../../src/runtime/diagnostic.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** Loads a configuration of five instances. */
async function load(t: ExecutionContext, lines: string, ...set: readonly string[]) {
  const projectDir = await temporaryDirectory(t);
  await writeFile(join(projectDir, 'test.scenario'), '@0 stop\n');
  await writeFile(
    join(projectDir, 'test.conf'),
    `experiment_name = test\nscenario_file = test.scenario\ninstances = 5\n${lines}\n`,
  );
  const init = { confFile: 'test.conf', projectDir, environment: {}, set, user: 'ann', isPortFree: async () => true };
  const { config, diagnostics } = await loadConfig(init);
  const said = diagnostics.map((each) => formatDiagnostic(each).replaceAll(`${projectDir}/`, ''));
  return { capture: config?.capture, hasConfig: config !== undefined, said };
}

const ALL = { kind: 'all' };
const some = (...ranges: readonly (readonly [number, number])[]) => ({
  kind: 'some',
  ranges: ranges.map(([from, to]) => ({ from, to })),
});

for (const [line, expected] of [
  ['', undefined],
  ['pcap = off', undefined],
  ['pcap =', undefined],
  ['pcap = on', ALL],
  ['pcap = {3}', some([3, 3])],
  ['pcap = {1-2, 4}', some([1, 2], [4, 4])],
  ['pcap = "{1-2,4}"', some([1, 2], [4, 4])],
  ['pcap = {!2}', some([1, 1], [3, 5])],
  ['pcap = {1-5}', some([1, 5])],
  ['tracker_cmd = run_tracker.sh\npcap = on', ALL],
] as const)
  test(`packets are captured of whom the option names: ${line}`, async (t) => {
    const { capture, said } = await load(t, line);
    t.deepEqual(said, []);
    t.deepEqual<unknown, unknown>(capture, expected);
  });

for (const [line, expected] of [
  ['pcap = {99}', /^test\.conf:4:8: error: pcap is "\{99\}": instance 99 is outside 1\.\.5[^]*instances 1 to 5/],
  ['pcap = {2, 4-9}', /^test\.conf:4:8: error: pcap is "\{2,4-9\}": the range 4-9 reaches outside 1\.\.5/],
  ['pcap = {4-2}', /range 4-2 has its ends swapped[^]*write 2-4/],
  ['pcap = {one}', /"one" is no instance number[^]*expected instance numbers/],
  ['pcap = onn', /^test\.conf:4:8: error: pcap is "onn": did you mean "on"\?[^]*expected off, on for everybody, or/],
  ['pcap = of', /did you mean "off"/],
  ['pcap = 3', /pcap is "3"[^]*expected off, on for everybody, or some instances.*\{3\}/],
  ['pcap = 1, 2', /pcap is "1,2"[^]*expected off/],
  ['pcap = {1} {2}', /pcap is "\{1\} \{2\}"[^]*expected off/],
] as const)
  test(`a group that is none is an error with its place and the way out: ${line}`, async (t) => {
    const { hasConfig, said } = await load(t, line);
    t.false(hasConfig);
    t.is(said.length, 1, said.join('\n'));
    t.regex(said[0] ?? '', expected);
  });

test('the command line is stronger than the file', async (t) => {
  t.deepEqual<unknown, unknown>((await load(t, 'pcap = on', 'pcap={2}')).capture, some([2, 2]));
});

test('where packets would be looked for in vain is a warning', async (t) => {
  const trackers = await load(t, 'tracker_cmd = ./own-tracker\npcap = on');
  t.deepEqual<unknown, unknown>(trackers.capture, ALL);
  t.regex(trackers.said[0] ?? '', /^test\.conf:5:8: warning: pcap captures nothing of tracker_cmd/);
  const external = await load(t, 'local_instance_cmd = ./own-peer\npcap = on');
  t.is(external.capture, undefined);
  t.regex(external.said.join('\n'), /warning: pcap is "on", and no instances run in this process/);
});
