import { Command, type CommanderError } from 'commander';
import { packageVersion } from '../runtime/package-directory.js';
import { checkCommand } from './check.js';
import { commandsCommand } from './commands.js';
import { newCommand } from './new.js';
import { reportAndExit } from './report-error.js';
import { compareCommand } from './compare.js';
import { reportCommand } from './report.js';
import { runCommand } from './run.js';
import { timelineCommand } from './timeline.js';

/** The command line: one file a command. */
export function createProgram(): Command {
  const program = new Command('gumby')
    .description(
      'Runs peer-to-peer experiments: hundreds of real peers, each in a worker thread with its own UDP socket.',
    )
    .version(packageVersion())
    .showHelpAfterError('(gumby --help shows what there is)')
    .showSuggestionAfterError()
    .addHelpText('after', EXIT_CODES_HELP);
  for (const command of [
    runCommand(),
    checkCommand(),
    timelineCommand(),
    commandsCommand(),
    newCommand(),
    reportCommand(),
    compareCommand(),
  ]) {
    program.addCommand(command);
    command.exitOverride(exitWithUsageError).showHelpAfterError(`(gumby ${command.name()} --help shows how)`);
  }
  return program.exitOverride(exitWithUsageError);
}

const EXIT_CODES_HELP = `
Exit codes: 0 all well; 1 the experiment failed; 2 the configuration, the scenario, a module or the command line is wrong;
3 the time limit was reached; 4 the run is not valid and --require-valid was given; 130 interrupted.`;

/** commander ends with 1 on a wrong command line; here that is 2, and 1 a failed experiment. */
function exitWithUsageError(error: CommanderError): never {
  return reportAndExit(error);
}
