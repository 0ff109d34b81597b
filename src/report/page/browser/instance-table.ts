import type { InstanceRow } from '../../report-data.js';
import { element, formatNumber, section } from './element.js';
import type { PickedInstances } from './picked-instances.js';

/** How many rows are shown before the reader asks for more, so that the page is there at once. */
const ROWS_SHOWN = 200;

/** Columns whose numbers are names, and are not formatted. */
const PLAIN: ReadonlySet<string> = new Set(['instance', 'port', 'thread']);

interface Column {
  readonly heading: string;
  readonly value: (row: InstanceRow) => string | number | undefined;
}

/** A row for each instance, to sort, to filter, to pick from and to open its files. */
export function instanceTable(instances: readonly InstanceRow[], picked: PickedInstances): HTMLElement {
  const columns = columnsOf(instances);
  const body = element('tbody');
  const headings = columns.map(({ heading }) =>
    element('th', { scope: 'col', 'aria-sort': 'none' }, element('button', { type: 'button' }, heading)),
  );
  const filter = element('input', { type: 'search', id: 'filter', placeholder: 'id, type, state, …' });
  const more = element('button', { type: 'button', id: 'more' });
  let order: { readonly column: number; readonly factor: 1 | -1 } = { column: 0, factor: 1 };
  let limit = ROWS_SHOWN;

  const draw = (): void => {
    const wanted = filter.value.trim().toLowerCase();
    const matching = instances.filter(
      (row) => wanted === '' || columns.some((column) => matches(column.value(row), wanted)),
    );
    const value = columns[order.column]?.value ?? (() => undefined);
    const sorted = matching.toSorted((one, other) => order.factor * compare(value(one), value(other)));
    body.replaceChildren(...sorted.slice(0, limit).map((row) => rowOf(row, columns, picked)));
    more.hidden = sorted.length <= limit;
    more.textContent = `Show all ${sorted.length}`;
    for (const [at, heading] of headings.entries())
      heading.ariaSort = at !== order.column ? 'none' : order.factor === 1 ? 'ascending' : 'descending';
  };
  for (const [column, heading] of headings.entries())
    heading.addEventListener('click', () => {
      order = { column, factor: order.column === column && order.factor === 1 ? -1 : 1 };
      draw();
    });
  filter.addEventListener('input', draw);
  more.addEventListener('click', () => {
    limit = Infinity;
    draw();
  });
  picked.onChange(draw);
  draw();
  return section(
    'instances',
    'Instances',
    element('div', { class: 'tools' }, element('label', { for: 'filter' }, 'Filter'), filter),
    element(
      'p',
      { class: 'faint' },
      'A click on a row draws the instance in the graphs above; another click takes it out.',
    ),
    element(
      'div',
      { class: 'scroll' },
      element(
        'table',
        { id: 'instance-table' },
        element('thead', {}, element('tr', {}, ...headings, element('th', { class: 'text', scope: 'col' }, 'files'))),
        body,
      ),
    ),
    element('div', { class: 'tools' }, more),
  );
}

function columnsOf(instances: readonly InstanceRow[]): readonly Column[] {
  const measured = [...new Set(instances.flatMap(({ values }) => Object.keys(values)))];
  return [
    { heading: 'instance', value: ({ id }) => id },
    ...(instances.some(({ type }) => type !== undefined)
      ? [{ heading: 'type', value: ({ type }: InstanceRow) => type }]
      : []),
    { heading: 'state', value: ({ state }) => state },
    { heading: 'port', value: ({ port }) => port },
    ...(instances.some(({ thread }) => thread !== undefined)
      ? [{ heading: 'thread', value: ({ thread }: InstanceRow) => thread }]
      : []),
    { heading: 'failures', value: ({ failures }) => failures },
    { heading: 'events done', value: ({ commandsDone }) => commandsDone },
    { heading: 'events failed', value: ({ commandsFailed }) => commandsFailed },
    ...measured.map((heading) => ({ heading, value: ({ values }: InstanceRow) => values[heading] })),
  ];
}

function rowOf(row: InstanceRow, columns: readonly Column[], picked: PickedInstances): HTMLElement {
  const { id, state, files } = row;
  const classes = [picked.all.has(id) ? 'picked' : '', state === 'failed' ? 'failed' : ''].filter(
    (name) => name !== '',
  );
  const cells = columns.map(({ heading, value }) => {
    const shown = value(row);
    if (shown === undefined) return element('td', {}, '–');
    const isPlain = typeof shown === 'string' || PLAIN.has(heading);
    return element(
      'td',
      typeof shown === 'string' ? { class: 'text' } : {},
      isPlain ? String(shown) : formatNumber(shown),
    );
  });
  const links = files.flatMap((file) => [element('a', { href: encodeURI(file) }, file.split('/').at(-1) ?? file), ' ']);
  const made = element(
    'tr',
    { class: classes.join(' '), 'data-instance': String(id) },
    ...cells,
    element('td', { class: 'text' }, ...links),
  );
  made.addEventListener('click', (event) => {
    if (!(event.target instanceof HTMLAnchorElement)) picked.toggle(id);
  });
  return made;
}

function matches(value: string | number | undefined, wanted: string): boolean {
  return value !== undefined && String(value).toLowerCase().includes(wanted);
}

/** Compares two values of a column; unknown ones come last. */
function compare(one: string | number | undefined, other: string | number | undefined): number {
  if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined);
  return typeof one === 'number' && typeof other === 'number' ? one - other : String(one).localeCompare(String(other));
}
