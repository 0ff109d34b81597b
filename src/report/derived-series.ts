import type { SeriesName } from '../output/series-names.js';
import type { TimeSeries } from './report-data.js';

const SENT: SeriesName = 'messages-sent';
const RECEIVED: SeriesName = 'messages-received';

/** The name of the series of messages that were sent and did not arrive. */
export const MESSAGES_MISSING = 'messages-missing';

/** The series that follow from others: how many more messages of each kind were sent than arrived, each second. */
export function derivedSeries(series: readonly TimeSeries[]): readonly TimeSeries[] {
  const sent = series.find(({ name }) => name === SENT);
  const received = series.find(({ name }) => name === RECEIVED);
  if (sent === undefined || received === undefined) return [];
  const arrived = new Map(received.lines.map(({ name, values }) => [name, values]));
  return [
    {
      ...sent,
      name: MESSAGES_MISSING,
      title: 'Messages sent and not received, by kind',
      description: 'What is on its way, was lost, or went to who is not of this run; below zero, what arrives late',
      lines: sent.lines.map((line) => {
        const values = arrived.get(line.name);
        return { ...line, values: Float64Array.from(line.values, (value, at) => value - (values?.[at] ?? 0)) };
      }),
    },
  ];
}
