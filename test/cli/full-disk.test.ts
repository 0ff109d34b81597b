import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import type { RunResult } from '../../src/output/record/run-result.js';
import { writeExperiment } from '../support/experiment-files.js';
import { gumby } from '../support/gumby-cli.js';
import { smallDisk } from '../support/small-disk.js';

const MODULE = `
import { appendFileSync } from 'node:fs';
import { experimentCallback, ExperimentModule, staticModule } from 'gumby';

@staticModule
export class FillingModule extends ExperimentModule {
  @experimentCallback
  fill(): void {
    for (const piece of [100_000, 1])
      try {
        for (;;) appendFileSync(this.outputPath('filler'), Buffer.alloc(piece));
      } catch (error) {
        if (error.code !== 'ENOSPC') throw error;
      }
  }

  @experimentCallback
  speak(): void {
    console.log('x'.repeat(10_000));
  }
}
`;

test('a run that fills the disk to its last byte ends in order, and says how in its record and on the terminal', async (t) => {
  const disk = await smallDisk(t, 4_000_000);
  if (disk === undefined) {
    t.pass();
    return;
  }
  const { directory, conf } = await writeExperiment(t, {
    conf: 'instances = 2\nsync_experiment_start_delay = 0',
    module: MODULE,
    scenario: '&module ./test_module.ts\n@0.5 fill {1}\n@1 speak {2}\n@2 stop',
  });
  const output = join(disk, 'output');
  const { exitCode, stdout } = await gumby(['run', conf, '--output', output], { cwd: directory });
  t.is(exitCode, 1);
  t.regex(stdout, /^test: FAILED/m);
  t.regex(stdout, /cannot write .*: ENOSPC/);
  const record = JSON.parse(await readFile(join(output, 'run.json'), 'utf8')) as RunResult;
  t.like(record, { outcome: 'failed', exitCode: 1 });
  t.true(record.failures.some(({ code }) => code === 'OUTPUT_WRITE_FAILED'));
  t.true(record.commands.done > 0);
  const scratch = (await readdir(output)).filter((name) => name.startsWith('run.'));
  t.deepEqual(scratch, ['run.json']);
});
