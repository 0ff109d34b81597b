import test from 'ava';
import fc from 'fast-check';
import { bandsOf } from '../../src/report/graphs/bands.js';
import { distributionGraph } from '../../src/report/graphs/distribution-graph.js';
import { drawPng } from '../../src/report/graphs/draw-png.js';
import { drawSvg } from '../../src/report/graphs/draw-svg.js';
import { degreeGraph, overlayGraph } from '../../src/report/graphs/overlay-graph.js';
import type { Specification } from '../../src/report/graphs/specification.js';
import { LINES_MAX, timeSeriesGraph } from '../../src/report/graphs/time-series-graph.js';
import type { TimeSeries } from '../../src/report/report-data.js';

/** So many instances; the value of each at each second is its number times the second. */
function seriesOf(instances: number, types: readonly string[] = []): TimeSeries {
  const timesS = Array.from({ length: 10 }, (_, second) => second);
  return {
    name: 'walked',
    title: 'Walked candidates',
    unit: 'peers',
    group: 'Connections',
    description: '',
    timesS,
    lines: Array.from({ length: instances }, (_, index) => {
      const type = types[index % types.length];
      const values = timesS.map((second) => second * (index + 1));
      return { name: String(index + 1), instance: index + 1, values, ...(type === undefined ? {} : { type }) };
    }),
  };
}

function drawnSeries(specification: Specification | undefined): readonly { name?: string; data: unknown[] }[] {
  return specification?.['series'] as readonly { name?: string; data: unknown[] }[];
}

/** As typed arrays order their numbers: -0 comes before 0. */
function ascending(one: number, other: number): number {
  return one - other || Number(Object.is(other, -0)) - Number(Object.is(one, -0));
}

test('bands are the nearest-rank quantiles of each moment', (t) => {
  const value = fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constant(Number.NaN));
  const rows = fc.array(fc.array(value, { minLength: 5, maxLength: 5 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(rows, (values) => {
      const bands = bandsOf(
        values.map((each, index) => ({ name: String(index), values: each })),
        5,
      );
      for (let at = 0; at < 5; at++) {
        const known = values.map((each) => each[at] as number).filter((each) => !Number.isNaN(each));
        known.sort(ascending);
        const expected = (share: number) => known[Math.max(0, Math.ceil(share * known.length) - 1)] ?? Number.NaN;
        const found = [bands.min, bands.lowerQuartile, bands.median, bands.upperQuartile, bands.max].map(
          (band) => band[at],
        );
        t.deepEqual(found, [0, 0.25, 0.5, 0.75, 1].map(expected));
      }
    }),
    { numRuns: 50 },
  );
});

test('as many lines as can be told apart are drawn, more become bands, of each type where there are types', (t) => {
  t.is(drawnSeries(timeSeriesGraph(seriesOf(LINES_MAX), [])).length, LINES_MAX);
  const names = (types: readonly string[]) =>
    drawnSeries(timeSeriesGraph(seriesOf(LINES_MAX + 6, types), [])).flatMap(({ name }) => name ?? []);
  t.deepEqual(names([]), ['30 instances: min to max', '30 instances: quartiles', '30 instances: median']);
  t.deepEqual(
    names(['seeder', 'leecher']).filter((name) => name.endsWith('median')),
    ['seeder (15): median', 'leecher (15): median'],
  );
});

test('a picture has its title, its axes with units, and the annotations; it is the same whenever it is drawn', async (t) => {
  const specification = timeSeriesGraph(seriesOf(3), [{ timeS: 4, text: 'churn begins' }]) as Specification;
  const svg = drawSvg(specification);
  for (const text of ['Walked candidates (peers)', 'time since GO (s)', 'churn begins'])
    t.true(svg.includes(text), text);
  t.is(svg.match(/<svg /g)?.length, 1);
  const again = JSON.parse(JSON.stringify(specification)) as Specification;
  t.is(drawSvg(again), svg);
  const png = await drawPng(svg);
  t.deepEqual([...png.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  t.is(png.readUInt32BE(16), 1800);
  t.is(png.readUInt32BE(20), 1000);
  t.true(png.length > 10_000, 'a blank picture of this size takes less');
});

test('a value lasts to the end of its step and no further: what is not there is a gap', (t) => {
  const dataOf = (timesS: readonly number[], values: readonly number[]) =>
    drawnSeries(timeSeriesGraph({ ...seriesOf(1), lines: [{ name: '1', values }], timesS }, []))[0]?.data;
  t.deepEqual(dataOf([0, 2, 4], [1, Number.NaN, 3]), [
    [0, 1],
    [2, 1],
    [2, null],
    [4, 3],
    [6, 3],
  ]);
  t.deepEqual(dataOf([0, 1, 2], [1, 2, Number.NaN]), [
    [0, 1],
    [1, 2],
    [2, 2],
    [2, null],
  ]);
  t.deepEqual(dataOf([0], [5]), [
    [0, 5],
    [1, 5],
  ]);
  const [line] = drawnSeries(timeSeriesGraph(seriesOf(1), [])) as readonly { readonly step?: string }[];
  t.is(line?.step, 'end');
});

test('an annotation of the last step is within the picture', (t) => {
  const specification = timeSeriesGraph(seriesOf(1), [{ timeS: 9.7, text: 'late' }]);
  t.like(specification?.['xAxis'], { min: 0, max: 10 });
});

test('without data there is no picture', (t) => {
  t.is(timeSeriesGraph(seriesOf(0), []), undefined);
  t.is(timeSeriesGraph({ ...seriesOf(1), lines: [{ name: '1', values: [Number.NaN] }] }, []), undefined);
  t.is(distributionGraph({ name: 'd', title: 'd', unit: '', group: '', values: [Number.NaN] }), undefined);
  t.is(overlayGraph({ name: 'overlay-C', community: 'C', nodes: [], edges: [] }), undefined);
});

test('a histogram counts every value once, and the shares end with all of them', (t) => {
  const values = fc.array(fc.oneof(fc.integer({ min: -50, max: 50 }), fc.double({ min: 0, max: 1, noNaN: true })), {
    minLength: 1,
  });
  fc.assert(
    fc.property(values, (all) => {
      const [bars, shares] = drawnSeries(
        distributionGraph({ name: 'd', title: 'd', unit: '', group: '', values: all }),
      );
      const counted = (bars?.data as [number, number][]).reduce((sum, [, count]) => sum + count, 0);
      t.is(counted, all.length);
      t.is((shares?.data as [number, number][]).at(-1)?.[1], 100);
    }),
  );
});

test('who is known by more is drawn larger; degrees count nobody twice', (t) => {
  const overlay = {
    name: 'overlay-C',
    community: 'C',
    nodes: [{ id: 1 }, { id: 2 }, { id: 3 }],
    edges: [
      [1, 2],
      [3, 2],
      [2, 1],
    ] as const,
  };
  const [graph] = drawnSeries(overlayGraph(overlay));
  const sizes = (graph?.data as { symbolSize: number }[]).map(({ symbolSize }) => symbolSize);
  t.true((sizes[1] ?? 0) > (sizes[0] ?? 0) && (sizes[0] ?? 0) > (sizes[2] ?? 0));
  const bars = (direction: 'in' | 'out') => drawnSeries(degreeGraph(overlay, direction))[0]?.data;
  t.deepEqual(bars('in'), [
    [0, 1],
    [1, 1],
    [2, 1],
  ]);
  t.deepEqual(bars('out'), [[1, 3]]);
  t.true(drawSvg(overlayGraph(overlay) as Specification).includes('Who knew whom'));
});
