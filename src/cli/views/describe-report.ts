import { join, relative } from 'node:path';
import type { WrittenReport } from '../../report/write-report.js';

/** Notes listed; all of them stand in summary.json. */
const NOTES_LISTED = 5;

/** Where the report is, and what its reader has to know. */
export function describeReport(
  outputDir: string,
  { summary, tableCount, graphCount }: WrittenReport,
): readonly string[] {
  const directory = relative(process.cwd(), outputDir) || '.';
  const { notes } = summary;
  const more = notes.length - NOTES_LISTED;
  return [
    `  report     ${join(directory, 'summary.json')}`,
    `  tables     ${tableCount} in ${join(directory, 'data')}`,
    ...(graphCount > 0 ? [`  graphs     ${graphCount} in ${join(directory, 'graphs')}`] : []),
    ...notes.slice(0, NOTES_LISTED).map((note) => `    ${note}`),
    ...(more > 0 ? [`    … and ${more} more notes (see summary.json)`] : []),
  ];
}
