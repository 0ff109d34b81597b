import { basename, join, relative } from 'node:path';
import { REPORT_FILES } from '../../output/report-files.js';
import type { WrittenReport } from '../../report/write-report.js';

/** How many notes are listed; all of them stand in summary.json. */
const NOTES_LISTED = 5;

/** Lines with the numbers that a person wants first, the place of the report, and what its reader has to know. */
export function describeReport(
  outputDir: string,
  { summary, tableCount, graphCount, pageFile }: WrittenReport,
): readonly string[] {
  const directory = relative(process.cwd(), outputDir) || '.';
  const { notes, figures } = summary;
  const more = notes.length - NOTES_LISTED;
  return [
    ...(summary.run.ending === undefined ? [] : [`  run        ${summary.run.ending}`]),
    ...(figures.length > 0 ? ['  figures'] : []),
    ...figures.map(({ name, value, unit }) =>
      `    ${name.padEnd(NAME_WIDTH)} ${value.toLocaleString('en')} ${unit}`.trimEnd(),
    ),
    `  summary    ${join(directory, REPORT_FILES.summary)}`,
    `  tables     ${tableCount} in ${join(directory, REPORT_FILES.tables)}`,
    ...(graphCount > 0 ? [`  graphs     ${graphCount} in ${join(directory, REPORT_FILES.graphs)}`] : []),
    ...notes.slice(0, NOTES_LISTED).map((note) => `    ${note}`),
    ...(more > 0 ? [`    … and ${more} more notes (see ${REPORT_FILES.summary})`] : []),
    ...(pageFile === undefined ? [] : [`  report     ${join(directory, basename(pageFile))}`]),
  ];
}

const NAME_WIDTH = 30;
