import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { writeExperiment } from '../support/experiment-files.js';
import { REPOSITORY } from '../support/gumby-cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** What differs is kept for whoever wants to look at it, in the directory for temporary files. */
const nightly = (directory: string, ...args: readonly string[]) =>
  execa(process.execPath, ['--import=tsx', join(REPOSITORY, 'test/nightly/determinism.ts'), ...args], {
    cwd: REPOSITORY,
    reject: false,
    env: { TMPDIR: directory },
  });

test('the program for whole nights says of an experiment whether its runs are the same, and of which files are not', async (t) => {
  const directory = await temporaryDirectory(t);
  const same = await nightly(directory, 'partition', '--threads', '2');
  t.is(same.exitCode, 0, same.stdout + same.stderr);
  t.regex(same.stdout, /partition: the same bytes with 1, 2 threads/);
  const { conf } = await writeExperiment(t, {
    conf: 'instances = 2',
    module: `
      import { ExperimentModule, experimentCallback, staticModule } from 'gumby';
      import { performance } from 'node:perf_hooks';
      import { statSync } from 'node:fs';
      @staticModule
      export class FileTimeModule extends ExperimentModule {
        @experimentCallback
        look() { console.log(statSync(this.experiment.outputPath('.')).birthtimeMs, performance.now()); }
      }`,
    scenario: '&module ./test_module.ts\n@1 look\n@2 stop',
  });
  const other = await nightly(directory, conf, '--threads', '1');
  t.is(other.exitCode, 1, other.stdout + other.stderr);
  t.regex(
    other.stdout,
    /test\.conf: run 2, with 1 thread, differs from the first in 00001\.out, 00002\.out; see gumby/,
  );
  t.regex(other.stdout, /gumby diff \S+output-0 \S+output-1/);
  const broken = await nightly(directory, 'no-such-experiment', '--threads', '1');
  t.is(broken.exitCode, 1);
  t.regex(broken.stdout, /ended with 2/);
});
