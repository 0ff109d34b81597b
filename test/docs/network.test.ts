import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { writeExperiment } from '../support/experiment-files.js';
import { gumby, REPOSITORY } from '../support/gumby-cli.js';

const TEXT = readFileSync(join(REPOSITORY, 'docs/network.md'), 'utf8');

function block(language: string): string {
  return new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(TEXT)?.[1] ?? '';
}

test('the links and the scenario of docs/network.md run as they stand', async (t) => {
  const { conf, directory } = await writeExperiment(t, {
    conf: `instances = 20\nclock = virtual\n${block('ini')}`,
    scenario: `${block('sh')}@100 stop`,
  });
  const ran = await gumby(['run', conf], { cwd: directory });
  t.is(ran.exitCode, 0, ran.stdout + ran.stderr);
  t.false(ran.stdout.includes('warning'), ran.stdout);
});
