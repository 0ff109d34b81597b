import { COLORS, frame, type GraphsOfRun, type Line } from 'gumby/graphs';

/** How the share of peers that have met so many others grows: one line for each number. */
export const graphs: GraphsOfRun = ({ series, annotations }) => {
  const met = series.find(({ name }) => name === 'candidates-met');
  if (met === undefined) return [];
  const numbers = [1, 3, 5, 10];
  const lines = numbers.map((number, at) => ({
    name: `${number} others`,
    type: 'line',
    symbol: 'none',
    lineStyle: { color: COLORS[at], width: 2, type: ['solid', 'dashed', 'dotted', [8, 3, 2, 3]][at] },
    itemStyle: { color: COLORS[at] },
    data: Array.from(met.timesS, (timeS, index) => [timeS, shareOf(met.lines, index, number)]),
    ...(at === 0 ? { markLine: marks(annotations) } : {}),
  }));
  const title = 'Peers that have met so many others';
  return [
    {
      name: 'share-that-met',
      title,
      specification: {
        ...frame(
          title,
          lines.map(({ name }) => ({ name })),
        ),
        xAxis: { type: 'value', name: 'time since GO (s)', nameLocation: 'middle', nameGap: 28 },
        yAxis: { type: 'value', name: 'share of all peers (%)', nameLocation: 'middle', nameGap: 48, max: 100 },
        series: lines,
      },
    },
  ];
};

/** The share in percent; a peer that has told nothing yet has met nobody. */
function shareOf(lines: readonly Line[], index: number, number: number): number {
  const reached = lines.filter(({ values }) => (values[index] ?? 0) >= number).length;
  return (100 * reached) / lines.length;
}

function marks(annotations: readonly { readonly timeS: number; readonly text: string }[]) {
  return {
    symbol: 'none',
    lineStyle: { color: '#555555', type: 'dotted' },
    label: { rotate: 90, position: 'insideEndTop', fontSize: 10 },
    data: annotations.map(({ timeS, text }) => ({ xAxis: timeS, label: { formatter: text } })),
  };
}
