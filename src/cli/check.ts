import { dirname } from 'node:path';
import { Command } from 'commander';
import { checkScenarioFile } from '../runner.js';
import { type LoadOptions, loadFromCommandLine, withLoadOptions } from './load-options.js';
import { countDiagnostics, displayPath, printDiagnostics } from './print-diagnostics.js';
import { guarded } from './report-error.js';

/** `gumby check FILE.conf|FILE.scenario`. */
export function checkCommand(): Command {
  return withLoadOptions(new Command('check'))
    .description('show all errors and warnings of an experiment or a scenario, without running it')
    .argument('<FILE>', 'a .conf, or a .scenario by itself')
    .action(guarded(check));
}

async function check(file: string, options: LoadOptions): Promise<void> {
  const loaded = file.endsWith('.scenario')
    ? await checkScenarioFile({ file, projectDir: process.cwd(), experimentDir: dirname(file), variables: process.env })
    : await loadFromCommandLine(file, options);
  try {
    printDiagnostics(loaded.diagnostics);
    process.stdout.write(`${displayPath(file)}: ${countDiagnostics(loaded.diagnostics)}\n`);
    process.exitCode = loaded.diagnostics.some(({ severity }) => severity === 'error') ? 2 : 0;
  } finally {
    await loaded.dispose();
  }
}
