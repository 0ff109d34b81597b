import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { writeExperiment } from '../support/experiment-files.js';
import { gumby, REPOSITORY } from '../support/gumby-cli.js';

const TEXT = readFileSync(join(REPOSITORY, 'docs/network.md'), 'utf8');

/** All blocks of a language, in the order in which they stand. */
function blocks(language: string): string {
  const found = TEXT.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g'));
  return [...found].map(([, text = '']) => text).join('');
}

test('the options and the commands of docs/network.md run as they stand', async (t) => {
  const { conf, directory } = await writeExperiment(t, {
    conf: `instances = 60\nclock = virtual\n${blocks('ini')}`,
    scenario: `${blocks('sh')}@100 stop`,
  });
  const ran = await gumby(['run', conf], { cwd: directory });
  t.is(ran.exitCode, 0, ran.stdout + ran.stderr);
  t.false(ran.stdout.includes('warning'), ran.stdout);
});
