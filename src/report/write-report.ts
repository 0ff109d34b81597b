import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { OWN_GRAPH_FILES } from '../output/own-graph-files.js';
import { REPORT_FILES } from '../output/report-files.js';
import { writeOutputFile } from '../output/write-output-file.js';
import type { Clock } from '../runtime/clock.js';
import { toError } from '../runtime/errors.js';
import type { ReportExtent } from '../runtime/report-extents.js';
import { pageScriptFile } from '../runtime/package-directory.js';
import { collectReport } from './collect-report.js';
import { type GraphStyles, NO_STYLES, readStyles } from './graphs/graph-styles.js';
import type { NamedGraph } from './graphs/named-graph.js';
import type { PictureFormat } from '../runtime/picture-formats.js';
import { drawOwnGraphs } from './graphs/own-graphs.js';
import type { WriteGraphsInit, WrittenGraphs } from './graphs/write-graphs.js';
import type { RunRecord } from '../output/record/run-record.js';
import { readRunRecord } from '../output/record/read-run-record.js';
import type { ReportData } from './report-data.js';
import { type Summary, summaryOf } from './summary.js';
import { writeTables } from './write-tables.js';

export interface WriteReportInit {
  readonly extent: Exclude<ReportExtent, 'none'>;
  /** The directory of `graphs.ts` and `graphs.json`, if there are any. @default the directory in which the configuration of the run lay */
  readonly experimentDir?: string;
  /** The formats in which graphs are drawn. @default those that the configuration of the run named, or SVG */
  readonly formats?: readonly PictureFormat[];
}

export interface WrittenReport {
  readonly summary: Summary;
  readonly tableCount: number;
  readonly graphCount: number;
  /** The file of the page; absent when no pictures were made. */
  readonly pageFile?: string;
  /** The problems of the experiment's own graphs; everything else was made. */
  readonly problems: readonly string[];
}

/** The graphs and styles of an experiment's own. */
interface OwnGraphs {
  readonly styles: GraphStyles;
  readonly graphs: readonly NamedGraph[];
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

const DEFAULT_FORMATS: readonly PictureFormat[] = ['svg'];

const NO_GRAPHS: OwnGraphs = { styles: NO_STYLES, graphs: [], problems: [], notes: [] };

/**
 * Makes a report of the files that a run left in its output directory: tables in `data/`, graphs in `graphs/`,
 * `summary.json` and `report.html`. The files of an earlier report are replaced. @param components.clock - the
 * machine's clock
 * @throws GumbyError REPORT_INPUT_INVALID, OUTPUT_WRITE_FAILED
 */
export async function writeReport(
  outputDir: string,
  init: WriteReportInit,
  { clock }: { readonly clock: Clock },
): Promise<WrittenReport> {
  const record = readRunRecord(outputDir);
  const collected = collectReport(outputDir, record);
  const formats = init.formats ?? record.config?.graphs ?? DEFAULT_FORMATS;
  writeTables(join(outputDir, REPORT_FILES.tables), collected);
  const hasGraphs = init.extent === 'all';
  const own = hasGraphs ? await ownGraphsOf(outputDir, record, collected, init.experimentDir) : NO_GRAPHS;
  const directory = join(outputDir, REPORT_FILES.graphs);
  const drawn =
    hasGraphs && formats.length > 0
      ? await drawGraphs(collected, { directory, formats, styles: own.styles, ownGraphs: own.graphs }, { clock })
      : { notes: [], count: 0 };
  const data = { ...collected, notes: [...collected.notes, ...own.notes, ...own.problems, ...drawn.notes] };
  const summary = summaryOf(data);
  writeOutputFile(join(outputDir, REPORT_FILES.summary), `${JSON.stringify(summary, undefined, 2)}\n`);
  const pageFile = join(outputDir, REPORT_FILES.page);
  if (hasGraphs) await drawPage(pageFile, data, own);
  return {
    summary,
    tableCount: 2 * data.series.length + 3,
    graphCount: drawn.count,
    problems: own.problems,
    ...(hasGraphs ? { pageFile } : {}),
  };
}

/** Reads an experiment's own graphs and styles. A mistake in them spoils nothing else. */
async function ownGraphsOf(
  outputDir: string,
  { config, ownGraphFiles = [] }: RunRecord,
  data: ReportData,
  given: string | undefined,
): Promise<OwnGraphs> {
  const directory = given ?? (config?.confFile === undefined ? outputDir : dirname(config.confFile));
  const notes = ownGraphFiles
    .filter((name) => !existsSync(join(directory, name)))
    .map((name) => `the experiment's ${name} is left out: it is not in ${directory} (--experiment says where it is)`);
  const problems: string[] = [];
  const [stylesFile, graphsFile] = [OWN_GRAPH_FILES.styles, OWN_GRAPH_FILES.graphs].map((name) =>
    join(directory, name),
  ) as [string, string];
  const orProblem = async <T>(missing: T, read: () => T | Promise<T>): Promise<T> => {
    try {
      return await read();
    } catch (error) {
      problems.push(toError(error).message);
      return missing;
    }
  };
  return {
    styles: existsSync(stylesFile) ? await orProblem(NO_STYLES, () => readStyles(stylesFile)) : NO_STYLES,
    graphs: existsSync(graphsFile) ? await orProblem([], () => drawOwnGraphs(graphsFile, data)) : [],
    problems,
    notes,
  };
}

/** Draws the graphs. The drawing library is large, and is loaded only here. */
async function drawGraphs(
  data: ReportData,
  init: WriteGraphsInit,
  components: { readonly clock: Clock },
): Promise<WrittenGraphs> {
  const { writeGraphs } = await import('./graphs/write-graphs.js');
  return writeGraphs(data, init, components);
}

async function drawPage(file: string, data: ReportData, { styles, graphs }: OwnGraphs): Promise<void> {
  const { writePage } = await import('./page/write-page.js');
  writePage(file, data, { scriptFile: pageScriptFile(), styles, ownGraphs: graphs });
}
