import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import type { ReportData } from '../../src/report/report-data.js';
import { writeTables } from '../../src/report/write-tables.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

test('a table holds six significant digits of every number, whatever its size, and no more', async (t) => {
  const directory = await temporaryDirectory(t);
  const number = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.double({ min: -2e6, max: 2e6, noNaN: true }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(number, { minLength: 1, maxLength: 50 }), async (values) => {
      writeTables(directory, dataOf(values));
      const [, ...rows] = (await readFile(join(directory, 'numbers.csv'), 'utf8')).trimEnd().split('\n');
      t.is(rows.length, values.length);
      for (const [index, value] of values.entries()) {
        const text = rows[index]?.split(',')[1] ?? '';
        if (Number.isInteger(value)) {
          t.is(text, String(value));
          continue;
        }
        const lastDigit = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 5);
        t.true(Math.abs(Number(text) - value) <= 0.500001 * lastDigit + Number.MIN_VALUE, `${value} became ${text}`);
        const digits = text.replace(/e.*$/, '').replace(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '');
        t.true(digits.length <= 6, `${value} became ${text}`);
      }
    }),
    { seed: 1, numRuns: 200 },
  );
});

function dataOf(values: readonly number[]): ReportData {
  const line = { name: '1', instance: 1, values: Float64Array.from(values) };
  const timesS = Float64Array.from(values.keys());
  const series = [{ name: 'numbers', title: '', description: '', unit: '', group: '', timesS, lines: [line] }];
  return { series, annotations: [], instances: [], instanceEvents: [] } as unknown as ReportData;
}
