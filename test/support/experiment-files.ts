import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { temporaryDirectory } from './temporary-directory.js';

export interface ExperimentFiles {
  /** Lines of the .conf after the name; a scenario_file line is added. */
  readonly conf?: string;
  readonly scenario?: string;
  /** A module in full. */
  readonly module?: string;
  /** Further files by name. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface WrittenExperiment {
  readonly directory: string;
  readonly conf: string;
  readonly output: string;
}

/** Writes an experiment to a directory of its own: `test.conf`, `test.scenario`, `test_module.ts`. */
export async function writeExperiment(t: ExecutionContext, experiment: ExperimentFiles): Promise<WrittenExperiment> {
  const directory = await temporaryDirectory(t);
  const files: Record<string, string> = {
    'test.conf': `experiment_name = test\nscenario_file = test.scenario\n${experiment.conf ?? 'instances = 1'}\n`,
    'test.scenario': `${experiment.scenario ?? '@0 stop'}\n`,
    ...(experiment.module === undefined ? {} : { 'test_module.ts': experiment.module }),
    ...experiment.files,
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), text);
  }
  return { directory, conf: join(directory, 'test.conf'), output: join(directory, 'output') };
}
