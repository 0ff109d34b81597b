import { type MetricDefinitionEntry, PART_SEPARATOR } from '../../output/metric-entries.js';
import { experimentName } from '../naming/experiment-name.js';
import { fileName } from '../naming/file-name.js';
import { shortened } from '../naming/shortened.js';
import { HISTOGRAM_DISTRIBUTION, HISTOGRAM_QUANTILES } from '../naming/histogram-names.js';
import { ourName, type WantedName } from '../naming/wanted-name.js';
import type { SeriesDescription } from '../series-collection.js';

const GROUP = 'Experiment';

/** The definition of a metric, as its instance wrote it; the kind may be one of a later version. */
export interface MetricDefinition extends Omit<MetricDefinitionEntry, 'kind'> {
  readonly kind: string;
}

/** How one metric is shown in the report. */
export interface MetricSource {
  readonly definition: MetricDefinition;
  /** The series of a counter or a gauge. */
  readonly series: SeriesDescription;
  /** The series of a histogram, by the quantile's name in the log. */
  readonly quantiles: ReadonlyMap<string, SeriesDescription>;
  readonly distribution: { readonly name: WantedName; readonly title: string; readonly group: string };
}

export function metricSourceOf(definition: MetricDefinition): MetricSource {
  const { kind, unit, description } = definition;
  const isCounter = kind === 'counter';
  const { title, group, nameOf } = whoseIs(definition);
  return {
    definition,
    series: {
      name: nameOf(),
      title,
      unit: isCounter ? `${unit === '' ? '1' : unit}/s` : unit,
      group,
      kind: isCounter ? 'rate' : 'value',
      holds: true,
      description,
    },
    quantiles: new Map(
      [...HISTOGRAM_QUANTILES].map(([quantile, what]) => [
        quantile,
        { name: nameOf(quantile), title: `${title}: ${what} of each second`, unit, group, kind: 'sample', description },
      ]),
    ),
    distribution: { name: nameOf(HISTOGRAM_DISTRIBUTION), title: `${title}: all values`, group },
  };
}

/** Says whose a metric is: a metric of a part of the library is ours; experiments' names have no separator. */
function whoseIs({ name, kind }: MetricDefinition) {
  const separator = name.indexOf(PART_SEPARATOR);
  if (separator < 0)
    return {
      title: shortened(name),
      group: GROUP,
      nameOf: (...what: readonly string[]) => experimentName(kind, name, ...what),
    };
  const own = name.slice(separator + 1);
  return {
    title: shortened(own),
    group: 'Messages',
    nameOf: (...what: readonly string[]) => ourName([own, ...what].map(fileName).join('-'), [name, ...what].join(' ')),
  };
}
