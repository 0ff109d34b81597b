import { Command } from 'commander';
import { guarded } from './report-error.js';
import { writeReport } from '../report/write-report.js';
import { describeReport } from './views/describe-report.js';

interface ReportOptions {
  readonly graphs: boolean;
  readonly json?: boolean;
}

/** `gumby report OUTPUT_DIR`. */
export function reportCommand(): Command {
  return new Command('report')
    .description('make tables, graphs and a summary of what a run left in its output directory')
    .argument('<OUTPUT_DIR>', 'output of a run, of this machine or copied from elsewhere')
    .option('--no-graphs', 'tables and summary only')
    .option('--json', 'print the summary as one JSON object on standard output')
    .action(guarded(report));
}

async function report(outputDir: string, { graphs, json }: ReportOptions): Promise<void> {
  const written = await writeReport(outputDir, graphs ? 'all' : 'tables');
  if (json === true) process.stdout.write(`${JSON.stringify(written.summary)}\n`);
  else process.stdout.write(`${describeReport(outputDir, written).join('\n')}\n`);
}
