import type { Comparison, MetricComparison } from '../../compare/comparison.js';
import type { Difference, Sample } from '../../compare/sample.js';
import type { ComparisonPageData } from '../page-data.js';
import { element, formatNumber, section } from './element.js';
import { navigation } from './navigation.js';
import type { PageContent } from './packed-data.js';
import { PickedInstances } from './picked-instances.js';
import { groupedSections, seriesGraphs } from './series-graphs.js';

/** Several runs beside each other. */
export function comparisonPage({ data, values }: PageContent<ComparisonPageData>): readonly HTMLElement[] {
  const { comparison, series } = data;
  const graphs = seriesGraphs({ series, annotations: [] }, values, new PickedInstances());
  const parts = [
    section('metrics', 'Metrics', metricTable(comparison)),
    ...groupedSections(graphs.map(([group, charts]) => [group, charts.map(({ card }) => card)] as const)),
  ];
  return [header(data), navigation(parts), ...parts];
}

function header({ title, comparison: { kinds, notes } }: ComparisonPageData): HTMLElement {
  const rows = kinds.flatMap(({ label, runs }) =>
    runs.map(({ directory, outcome, validity = 'not measured', seed }) =>
      element(
        'tr',
        {},
        ...[label, directory, outcome, validity, seed].map((text) => element('td', { class: 'text' }, text)),
      ),
    ),
  );
  const headings = ['kind', 'run', 'outcome', 'validity', 'seed'].map((text) => element('th', { class: 'text' }, text));
  return element(
    'header',
    { id: 'result' },
    element('h1', {}, title),
    element(
      'div',
      { class: 'card scroll' },
      element('table', {}, element('thead', {}, element('tr', {}, ...headings)), element('tbody', {}, ...rows)),
    ),
    notes.length === 0
      ? undefined
      : element('div', { class: 'card problems' }, element('ul', {}, ...notes.map((note) => element('li', {}, note)))),
  );
}

function metricTable({ kinds, metrics }: Comparison): HTMLElement {
  const filter = element('input', { type: 'search', id: 'filter', placeholder: 'name of a metric' });
  const body = element('tbody');
  const draw = () => {
    const wanted = filter.value.trim().toLowerCase();
    const shown = metrics.filter(({ name, title }) => `${name} ${title}`.toLowerCase().includes(wanted));
    body.replaceChildren(...shown.map(metricRow));
  };
  filter.addEventListener('input', draw);
  draw();
  const [base = '', ...others] = kinds.map(({ label }) => label);
  const headings = ['metric', base, ...others.flatMap((label) => [label, 'difference', '%'])];
  return element(
    'div',
    {},
    element('div', { class: 'tools' }, element('label', { for: 'filter' }, 'Filter'), filter),
    element(
      'p',
      { class: 'faint' },
      '± is half a 95 % confidence interval; a difference in bold is one that chance does not explain.',
    ),
    element(
      'div',
      { class: 'scroll' },
      element(
        'table',
        { id: 'metric-table' },
        element('thead', {}, element('tr', {}, ...headings.map((text) => element('th', { scope: 'col' }, text)))),
        body,
      ),
    ),
  );
}

function metricRow({ name, title, unit, samples, differences }: MetricComparison): HTMLElement {
  const [base, ...others] = samples;
  return element(
    'tr',
    { 'data-metric': name },
    element('td', { class: 'text', title: name }, unit === '' ? title : `${title} (${unit})`),
    sampleCell(base),
    ...others.flatMap((sample, at) => [sampleCell(sample), ...differenceCells(differences[at])]),
  );
}

function sampleCell(sample: Sample | null | undefined): HTMLElement {
  if (sample === null || sample === undefined) return element('td', {}, '–');
  const { mean, plusMinus } = sample;
  return element('td', {}, `${formatNumber(mean)}${plusMinus === undefined ? '' : ` ± ${formatNumber(plusMinus)}`}`);
}

function differenceCells(difference: Difference | null | undefined): readonly HTMLElement[] {
  if (difference === null || difference === undefined) return [element('td', {}, '–'), element('td', {}, '–')];
  const { absolute, percent, plusMinus, isSignificant } = difference;
  const range = plusMinus === undefined ? '' : ` ± ${formatNumber(plusMinus)}`;
  const text = `${signed(absolute)}${range}`;
  return [
    element('td', {}, isSignificant === true ? element('b', {}, text) : text),
    element('td', {}, percent === undefined ? '–' : signed(percent)),
  ];
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${formatNumber(value)}`;
}
