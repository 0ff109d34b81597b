import { relative } from 'node:path';
import type { Comparison, MetricComparison } from '../../report/compare/comparison.js';
import { rounded, signed } from '../../report/compare/number-text.js';
import type { Difference, Sample } from '../../report/compare/sample.js';

/** Metrics shown unless all are asked for: those that differ most. */
const METRICS_SHOWN = 25;

/** A comparison as a table for the terminal. */
export function describeComparison(
  { kinds, metrics, notes }: Comparison,
  { all, pageFile }: { readonly all: boolean; readonly pageFile: string | undefined },
): readonly string[] {
  const shown = all
    ? metrics
    : metrics.toSorted((one, other) => changeOf(other) - changeOf(one)).slice(0, METRICS_SHOWN);
  const [base = '', ...others] = kinds.map(({ label }) => label);
  const rows = [
    ['metric', 'unit', base, ...others.flatMap((label) => [label, 'difference', '%'])],
    ...shown.map(({ name, unit, samples: [first, ...rest], differences }) => [
      name,
      unit,
      sample(first),
      ...rest.flatMap((each, at) => [sample(each), ...difference(differences[at])]),
    ]),
  ];
  return [
    ...table(rows),
    ...(all || metrics.length <= METRICS_SHOWN
      ? []
      : [`the ${METRICS_SHOWN} of ${metrics.length} metrics that differ most; --all shows the others`]),
    ...(metrics.some(({ differences }) => differences.some((each) => each?.plusMinus !== undefined))
      ? ['± is half a 95 % confidence interval; * marks a difference that chance does not explain']
      : []),
    ...(kinds.some(({ runs }) => runs.length === 1)
      ? ['a kind of one run has no ±: whether chance explains a difference can be told from two runs of each on']
      : []),
    ...notes.map((note) => `note: ${note}`),
    ...(pageFile === undefined ? [] : [`page  ${relative(process.cwd(), pageFile)}`]),
  ];
}

/** How much a metric has changed, for the order; metrics whose change chance explains come last. */
function changeOf({ differences }: MetricComparison): number {
  return Math.max(
    0,
    ...differences.map((each) =>
      each === null || each.isSignificant === false ? 0 : Math.abs(each.percent ?? Infinity),
    ),
  );
}

function sample(of: Sample | null | undefined): string {
  if (of === null || of === undefined) return '–';
  return of.plusMinus === undefined ? rounded(of.mean) : `${rounded(of.mean)} ± ${rounded(of.plusMinus)}`;
}

function difference(of: Difference | null | undefined): readonly [string, string] {
  if (of === null || of === undefined) return ['–', '–'];
  const range = of.plusMinus === undefined ? '' : ` ± ${rounded(of.plusMinus)}`;
  const mark = of.isSignificant === true ? ' *' : '';
  return [
    `${signed(of.absolute)}${range}${mark}`,
    of.percent === undefined ? '–' : signed(Number(of.percent.toFixed(1))),
  ];
}

/** Lays out rows as a table: the first two columns are aligned to the left, numbers to the right. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
