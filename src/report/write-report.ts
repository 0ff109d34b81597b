import { join } from 'node:path';
import { collectReport } from './collect-report.js';
import { type Summary, summaryOf, writeSummary } from './write-summary.js';
import { writeTables } from './write-tables.js';

/** How much of a report is made: everything, without pictures, or nothing. */
export const REPORT_EXTENTS = ['all', 'tables', 'none'] as const;

export type ReportExtent = (typeof REPORT_EXTENTS)[number];

export interface WrittenReport {
  readonly summary: Summary;
  readonly tableCount: number;
  readonly graphCount: number;
}

/**
 * Makes of what a run left in its output directory: tables in `data/`, graphs in `graphs/`, and `summary.json`. What an earlier report
 * wrote is replaced.
 * @throws GumbyError REPORT_INPUT_INVALID, OUTPUT_WRITE_FAILED
 */
export async function writeReport(outputDir: string, extent: Exclude<ReportExtent, 'none'>): Promise<WrittenReport> {
  const data = collectReport(outputDir);
  writeTables(join(outputDir, 'data'), data);
  const graphs = extent === 'all' ? await drawGraphs(outputDir, data) : { notes: [], count: 0 };
  const summary = summaryOf({ ...data, notes: [...data.notes, ...graphs.notes] });
  writeSummary(join(outputDir, 'summary.json'), summary);
  return { summary, tableCount: 2 * data.series.length + 3, graphCount: graphs.count };
}

/** The drawing library is large, and loaded by who draws only. */
async function drawGraphs(outputDir: string, data: ReturnType<typeof collectReport>) {
  const { writeGraphs } = await import('./graphs/write-graphs.js');
  return writeGraphs(join(outputDir, 'graphs'), data);
}
