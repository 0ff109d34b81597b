import type { RunFacts } from '../../report-data.js';
import type { PageData } from '../page-data.js';
import { element, formatNumber, section } from './element.js';

/**
 * The texts of outcomes. They are in a map because a record may name any outcome, also one that every object has a field
 * of, e.g. `constructor`.
 */
const OUTCOMES: ReadonlyMap<string, readonly [text: string, className: string]> = new Map([
  ['succeeded', ['succeeded', 'good']],
  ['failed', ['FAILED', 'bad']],
  ['time-limit', ['FAILED: time limit', 'bad']],
  ['interrupted', ['INTERRUPTED', 'doubtful']],
  ['died', ['DIED', 'bad']],
  ['running', ['still running', 'doubtful']],
  ['unknown', ['never ended, as far as is known', 'bad']],
]);

const VALIDITY_CLASSES: ReadonlyMap<string, string> = new Map([
  ['VALID', 'good'],
  ['DEGRADED', 'doubtful'],
  ['INVALID', 'bad'],
]);

/** The head of the page: how the run ended, and what is wrong with it. */
export function header({ run, instances }: PageData): HTMLElement {
  const [outcome, className] = OUTCOMES.get(run.outcome) ?? [run.outcome, 'doubtful'];
  const { validity } = run.verdict ?? {};
  return element(
    'header',
    { id: 'result' },
    element('h1', {}, run.experimentName),
    element('span', { class: `badge ${className}` }, outcome),
    validity === undefined
      ? element('span', { class: 'badge doubtful' }, 'not measured')
      : element('span', { class: `badge ${VALIDITY_CLASSES.get(validity) ?? 'doubtful'}` }, validity),
    element('span', { class: 'faint' }, new Date(run.startedAt).toLocaleString('en-GB')),
    element('ul', { class: 'facts' }, ...factsOf(run, instances.length).map(([name, value]) => fact(name, value))),
    run.ending === undefined ? undefined : element('div', { class: 'card problems', id: 'ending' }, run.ending),
    brokenLimits(run),
    failures(run),
  );
}

function fact(name: string, value: string): HTMLElement {
  return element('li', {}, element('b', {}, value), element('span', {}, name));
}

function factsOf(run: RunFacts, instances: number): readonly (readonly [name: string, value: string])[] {
  const { commands, latenessMs, startUpS, experimentS } = run;
  return [
    ['instances', formatNumber(instances)],
    ...(startUpS === undefined ? [] : [['until all were ready', `${startUpS.toFixed(1)} s`] as const]),
    ...(experimentS === undefined ? [] : [['from GO to the end', `${experimentS.toFixed(1)} s`] as const]),
    ...(commands === undefined
      ? []
      : [[`events done, of ${formatNumber(commands.total)}`, formatNumber(commands.done)] as const]),
    ...(run.failureCount === undefined ? [] : [['failures', formatNumber(run.failureCount)] as const]),
    ...(latenessMs === undefined
      ? []
      : [['99 % of the events were less late', `${formatNumber(latenessMs.p99)} ms`] as const]),
  ];
}

function brokenLimits({ verdict }: RunFacts): HTMLElement | undefined {
  if (verdict === undefined) return undefined;
  const { unwatched, hints } = verdict;
  const remarks = [...hints, ...unwatched.map((what) => `not watched: ${what}`)];
  if (verdict.broken.length === 0 && remarks.length === 0) return undefined;
  const items = verdict.broken.map(({ name, validity, limit, worst, unit, firstS, seconds, instance, thread }) => {
    const where = instance !== undefined ? ` at instance ${instance}` : thread !== undefined ? ` in ${thread}` : '';
    return element(
      'li',
      {},
      `${name.replaceAll('_', ' ')}: up to ${formatNumber(worst)} ${unit}, over the limit of ${formatNumber(limit)} (${validity}); ` +
        `first ${formatNumber(firstS)} s after GO${where}, in ${seconds.length} second${seconds.length === 1 ? '' : 's'}`,
    );
  });
  return element(
    'div',
    { class: verdict.broken.length > 0 ? 'card problems' : 'card', id: 'broken-limits' },
    verdict.broken.length > 0 ? element('h3', {}, 'The machine did not keep up with real time') : undefined,
    element('ul', {}, ...items, ...remarks.map((remark) => element('li', {}, remark))),
  );
}

function failures({ failures: kept, failureCount = 0 }: RunFacts): HTMLElement | undefined {
  if (failureCount === 0) return undefined;
  const items = kept.map(({ message, instance, timeS }) => {
    const who = instance === undefined ? 'the run' : `instance ${instance}`;
    return element('li', {}, `${who}${timeS === undefined ? '' : `, ${timeS} s after GO`}: ${message}`);
  });
  const shown = items.slice(0, SHOWN);
  const more = items.slice(SHOWN);
  return element(
    'div',
    { class: 'card problems', id: 'failures' },
    element('h3', {}, `${formatNumber(failureCount)} failure${failureCount === 1 ? '' : 's'}`),
    element('ul', {}, ...shown),
    more.length === 0
      ? undefined
      : element('details', {}, element('summary', {}, `${more.length} more`), element('ul', {}, ...more)),
    failureCount > kept.length ? element('p', { class: 'faint' }, `the first ${kept.length} were kept`) : undefined,
  );
}

const SHOWN = 10;

/** Everything that is needed to run the experiment again. */
export function whatRan({ run, notes }: PageData): HTMLElement {
  const rows: readonly (readonly [string, string])[] = [
    ['seed', run.seed],
    ...(run.confFile === undefined ? [] : [['configuration', run.confFile] as const]),
    ...(run.scenarioFile === undefined ? [] : [['scenario', run.scenarioFile] as const]),
    ...Object.entries(run.machine),
    ...Object.entries(run.versions).map(([name, version]) => [`version of ${name}`, version] as const),
  ];
  return section(
    'what-ran',
    'What ran',
    element('div', { class: 'card' }, table(rows)),
    element(
      'details',
      {},
      element('summary', {}, 'Options in effect'),
      element('div', { class: 'card' }, table(Object.entries(run.options))),
    ),
    notes.length === 0
      ? undefined
      : element(
          'div',
          { class: 'card notes', id: 'notes' },
          element('h3', {}, 'Notes'),
          element('ul', {}, ...notes.map((note) => element('li', {}, note))),
        ),
  );
}

function table(rows: readonly (readonly [string, string])[]): HTMLElement {
  return element(
    'table',
    {},
    element(
      'tbody',
      {},
      ...rows.map(([name, value]) =>
        element('tr', {}, element('td', {}, name), element('td', { class: 'text wide' }, value)),
      ),
    ),
  );
}
