import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Argument, Command } from 'commander';
import { GumbyError, toError } from '../runtime/errors.js';
import { displayPath } from './print-diagnostics.js';
import { guarded } from './report-error.js';
import { confTemplate } from './templates/conf.js';
import { moduleTemplate } from './templates/module.js';
import { scenarioTemplate } from './templates/scenario.js';
import { tsconfigTemplate } from './templates/tsconfig.js';

/** `gumby new experiment NAME`. */
export function newCommand(): Command {
  return new Command('new')
    .description('write a working experiment, with comments that explain every option')
    .addArgument(new Argument('<KIND>', 'what to write').choices(['experiment']))
    .argument('<NAME>', 'its name, and that of the folder: letters, digits and _')
    .action(guarded(writeExperiment));
}

async function writeExperiment(_kind: string, name: string): Promise<void> {
  if (!/^[a-z][a-z0-9_]*$/i.test(name))
    throw new GumbyError(
      'COMMAND_LINE_INVALID',
      `"${name}" cannot name an experiment: use letters, digits and _, a letter first`,
    );
  const directory = join(process.cwd(), name);
  const files: Readonly<Record<string, string>> = {
    [`${name}.conf`]: confTemplate(name),
    [`${name}.scenario`]: scenarioTemplate(name),
    [`${name}_module.ts`]: moduleTemplate(name),
    'tsconfig.json': tsconfigTemplate(directory),
  };
  try {
    mkdirSync(directory);
    for (const [file, text] of Object.entries(files)) writeFileSync(join(directory, file), text, { flag: 'wx' });
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code === 'EEXIST' ? 'it is there already' : toError(cause).message;
    throw new GumbyError('COMMAND_LINE_INVALID', `cannot write the folder ${displayPath(directory)}: ${reason}`, {
      cause,
    });
  }
  for (const file of Object.keys(files)) process.stdout.write(`${join(name, file)}\n`);
  process.stdout.write(`\nrun it with: gumby run ${join(name, `${name}.conf`)}\n`);
}
