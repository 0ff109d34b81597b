import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { CAPTURE_FILE } from '../../src/output/pcap/capture-files.js';
import { readCapture } from '../../src/output/pcap/capture-reader.js';
import { writeExperiment } from '../support/experiment-files.js';
import { gumby, REPOSITORY } from '../support/gumby-cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { tshark } from '../support/tshark.js';

const TEXT = readFileSync(join(REPOSITORY, 'docs/captures.md'), 'utf8');

function block(language: string): string {
  return new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(TEXT)?.[1] ?? '';
}

test('the option of docs/captures.md captures the packets of its instances', async (t) => {
  const { conf, directory, output } = await writeExperiment(t, {
    conf: `instances = 10\nclock = virtual\n${block('ini')}`,
  });
  const ran = await gumby(['run', conf], { cwd: directory });
  t.is(ran.exitCode, 0, ran.stdout + ran.stderr);
  t.deepEqual(
    readCapture(join(output, CAPTURE_FILE)).interfaces,
    [1, 2, 3, 4, 5, 9].map((id) => `instance ${id}`),
  );
});

test('the commands of docs/captures.md capture packets, and show some of them', async (t) => {
  const [first = '', second = ''] = block('bash').trim().split('\n');
  const output = join(await temporaryDirectory(t), 'output');
  const ran = await gumby([...first.split(' ').slice(1), '--output', output], { cwd: REPOSITORY });
  t.is(ran.exitCode, 0, ran.stdout + ran.stderr);
  // A datagram of UDP is its payload behind a header of 8 bytes.
  const asked = readCapture(join(output, CAPTURE_FILE)).packets.filter(
    ({ interfaceName, payload }) => interfaceName === 'instance 7' && 8 + payload.length > 200,
  );
  t.true(asked.length > 0);
  if (tshark(t) === undefined) return;
  const shown = await promisify(execFile)('sh', ['-c', second.replace('output', output)]);
  t.is(shown.stdout.trim().split('\n').length, asked.length);
});
