import { Command } from 'commander';
import { guarded } from './report-error.js';

/** `gumby new experiment NAME`. */
export function newCommand(): Command {
  return new Command('new')
    .description('write a working experiment, with comments that explain every option')
    .argument('<KIND>', 'what to write: experiment')
    .argument('<NAME>', 'its name')
    .action(guarded(async () => {}));
}
