import { Command, type CommanderError } from 'commander';
import { packageVersion } from '../runtime/package-directory.js';
import { reportAndExit } from './report-error.js';

/** Each command has a file of its own, which is loaded when the command is asked for: a report needs neither a compiler nor a runner. */
const COMMANDS: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ['run', async () => (await import('./run.js')).runCommand()],
  ['check', async () => (await import('./check.js')).checkCommand()],
  ['timeline', async () => (await import('./timeline.js')).timelineCommand()],
  ['commands', async () => (await import('./commands.js')).commandsCommand()],
  ['new', async () => (await import('./new.js')).newCommand()],
  ['report', async () => (await import('./report.js')).reportCommand()],
  ['diff', async () => (await import('./diff.js')).diffCommand()],
  ['compare', async () => (await import('./compare.js')).compareCommand()],
]);

/**
 * Makes the program of the command line. @param asked - the first word of the command line: if it names a command, only
 * that command is loaded @default all commands are loaded
 */
export async function createProgram(asked = ''): Promise<Command> {
  const program = new Command('gumby')
    .description(
      'Runs peer-to-peer experiments: hundreds of real peers, each in a worker thread with its own UDP socket.',
    )
    .version(packageVersion())
    .showHelpAfterError('(gumby --help shows what there is)')
    .showSuggestionAfterError()
    .addHelpText('after', EXIT_CODES_HELP);
  const wanted = COMMANDS.get(asked);
  for (const load of wanted === undefined ? COMMANDS.values() : [wanted]) {
    const command = await load();
    program.addCommand(command);
    command.exitOverride(exitWithUsageError).showHelpAfterError(`(gumby ${command.name()} --help shows how)`);
  }
  return program.exitOverride(exitWithUsageError);
}

const EXIT_CODES_HELP = `
Exit codes: 0 all well; 1 the experiment failed; 2 the configuration, the scenario, a module or the command line is wrong;
3 the time limit was reached; 4 the run is not valid and --require-valid was given; 5 compare --fail-on has
too few runs to tell; 130 interrupted.`;

/** commander ends with 1 on a wrong command line; here a wrong command line ends with 2, and 1 means a failed experiment. */
function exitWithUsageError(error: CommanderError): never {
  return reportAndExit(error);
}
