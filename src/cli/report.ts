import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { printProblems } from './print-problems.js';
import { guarded } from './report-error.js';
import { OWN_GRAPH_FILES } from '../output/own-graph-files.js';
import { PICTURE_FORMATS, type PictureFormat } from '../runtime/picture-formats.js';
import { writeReport } from '../report/write-report.js';
import { realClock } from '../runtime/clock.js';
import { describeReport } from './views/describe-report.js';

const OWN_FILES = Object.values(OWN_GRAPH_FILES).join(' and ');

interface ReportOptions {
  /** The formats of graphs; absent when the user chose none, false for neither pictures nor page. */
  readonly graphs?: readonly PictureFormat[] | false;
  readonly json?: boolean;
  readonly experiment?: string;
}

/** `gumby report OUTPUT_DIR`. */
export function reportCommand(): Command {
  return new Command('report')
    .description('make tables, graphs, a summary and a page of what a run left in its output directory')
    .argument('<OUTPUT_DIR>', 'output of a run, of this machine or copied from elsewhere')
    .option('--graphs <FORMATS>', 'which pictures: svg, or svg,png (default: as the run was configured)', parseFormats)
    .option('--no-graphs', 'tables and summary only: no pictures and no page')
    .option('--experiment <DIR>', `where ${OWN_FILES} of the experiment are (default: beside its .conf)`)
    .option('--json', 'print the summary as one JSON object on standard output')
    .action(guarded(report));
}

async function report(outputDir: string, { graphs, json, experiment }: ReportOptions): Promise<void> {
  const written = await writeReport(
    outputDir,
    {
      extent: graphs === false ? 'tables' : 'all',
      ...(graphs === undefined || graphs === false ? {} : { formats: graphs }),
      ...(experiment === undefined ? {} : { experimentDir: resolve(experiment) }),
    },
    { clock: realClock },
  );
  if (json === true) process.stdout.write(`${JSON.stringify(written.summary)}\n`);
  else process.stdout.write(`${describeReport(outputDir, written).join('\n')}\n`);
  if (!printProblems(written)) process.exitCode = 1;
}

function parseFormats(text: string): readonly PictureFormat[] {
  const given = text.split(',').map((each) => each.trim());
  const isFormat = (each: string): each is PictureFormat => (PICTURE_FORMATS as readonly string[]).includes(each);
  if (given.every(isFormat)) return given;
  throw new InvalidArgumentError(`Expected some of ${PICTURE_FORMATS.join(', ')}, separated by commas.`);
}
