import { Command } from 'commander';
import { documentCommands, type DocumentedCommand } from '../runner.js';
import { type LoadOptions, loadFromCommandLine, withLoadOptions } from './load-options.js';
import { countDiagnostics, printDiagnostics } from './print-diagnostics.js';
import { guarded } from './report-error.js';

interface CommandsOptions extends LoadOptions {
  readonly json?: boolean;
}

/** `gumby commands FILE.conf`. */
export function commandsCommand(): Command {
  return withLoadOptions(new Command('commands'))
    .description('show every command that the scenario of an experiment may use')
    .argument('<FILE.conf>', 'configuration of the experiment')
    .option('--json', 'print one object a command')
    .action(guarded(commands));
}

async function commands(confFile: string, options: CommandsOptions): Promise<void> {
  const loaded = await loadFromCommandLine(confFile, options);
  try {
    if (loaded.modules === undefined) {
      printDiagnostics(loaded.diagnostics);
      process.stderr.write(`the commands are not known: ${countDiagnostics(loaded.diagnostics)}\n`);
      process.exitCode = 2;
      return;
    }
    const documented = documentCommands(loaded.modules);
    const lines = options.json === true ? documented.map((command) => JSON.stringify(command)) : describe(documented);
    process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  } finally {
    await loaded.dispose();
  }
}

function describe(documented: readonly DocumentedCommand[]): readonly string[] {
  const modules = [...new Set(documented.map(({ module }) => module))];
  return modules.flatMap((module) => [
    module,
    ...documented.filter((command) => command.module === module).flatMap(describeOne),
    '',
  ]);
}

function describeOne({ usage, names, doc, parameters }: DocumentedCommand): readonly string[] {
  const others = names.slice(1);
  return [
    `  ${usage}${others.length > 0 ? `   (also ${others.join(', ')})` : ''}`,
    ...(doc === '' ? [] : doc.split('\n').map((line) => `      ${line}`)),
    ...parameters.map(
      ({ name, type, doc: meaning }) => `      ${name}: ${type}${meaning === '' ? '' : ` – ${meaning}`}`,
    ),
  ];
}
