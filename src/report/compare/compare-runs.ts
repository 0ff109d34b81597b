import { relative } from 'node:path';
import { pageScriptFile } from '../../runtime/package-directory.js';
import { collectReport } from '../collect-report.js';
import type { ReportData } from '../report-data.js';
import { summaryOf } from '../summary.js';
import { compare, type ComparedRun, type Comparison } from './comparison.js';
import { runMetricsOf } from './run-metrics.js';
import { overlaidSeries } from './overlaid-series.js';

export interface RunToCompare {
  /** Runs of one label are of one kind. */
  readonly label: string;
  readonly directory: string;
}

/**
 * Reads the runs and compares them; the runs of the first label are the base that the others are compared with. @param
 * pageFile - the file for the page of the comparison @default nowhere
 * @throws GumbyError REPORT_INPUT_INVALID, OUTPUT_WRITE_FAILED
 */
export async function compareRuns(runs: readonly RunToCompare[], pageFile?: string): Promise<Comparison> {
  const read = runs.map(({ label, directory }) => ({ label, directory, data: collectReport(directory) }));
  const comparison = compare(read.map(comparedRun));
  if (pageFile !== undefined) {
    const { writeComparisonPage } = await import('../page/write-comparison-page.js');
    const named = read.map(({ label, directory, data }) => ({ name: nameOf(runs, label, directory), data }));
    writeComparisonPage(pageFile, { comparison, series: overlaidSeries(named), scriptFile: pageScriptFile() });
  }
  return comparison;
}

function comparedRun({ label, directory, data }: RunToCompare & { readonly data: ReportData }): ComparedRun {
  const { outcome, seed, verdict } = data.run;
  return {
    label,
    directory: relative(process.cwd(), directory) || '.',
    outcome,
    seed,
    metrics: runMetricsOf(summaryOf(data)),
    ...(verdict === undefined ? {} : { validity: verdict.validity }),
  };
}

/** The name of a run: several runs of a kind are told apart by a number. */
function nameOf(runs: readonly RunToCompare[], label: string, directory: string): string {
  const ofKind = runs.filter((run) => run.label === label);
  return ofKind.length === 1 ? label : `${label} ${ofKind.findIndex((run) => run.directory === directory) + 1}`;
}
