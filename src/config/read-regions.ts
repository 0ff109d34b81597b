import { resolve } from 'node:path';
import type { RegionPlan } from '../network/links/regions.js';
import { parseMatrix, parseRegions } from '../network/links/regions.js';
import { readTextFile } from '../runtime/read-text-file.js';
import type { OptionReader } from './option-reader.js';

/** Reads the regions of the world that instances live in; undefined when the configuration names none. */
export function readRegions(
  reader: OptionReader,
  experimentDir: string,
  instanceCount: number,
): RegionPlan | undefined {
  const name = reader.text('link_matrix').trim();
  const where = reader.whole('regions').trim();
  if (name === '') {
    if (where !== '') reader.complain('regions', 'regions need a matrix of latencies', 'set link_matrix = FILE.csv');
    return undefined;
  }
  if (reader.entry('link_latency') !== undefined)
    reader.complain('link_latency', 'link_latency and link_matrix both tell latencies', 'leave one of them out');
  const file = resolve(experimentDir, name);
  const read = readTextFile(file);
  if (!read.ok) {
    reader.complain(
      'link_matrix',
      `link_matrix cannot be read: ${read.missing === true ? `there is no ${file}` : read.message}`,
    );
    return undefined;
  }
  const matrix = parseMatrix(read.text);
  if (!matrix.ok) {
    reader.complain('link_matrix', `${file}:${matrix.line}: ${matrix.message}`, matrix.hint);
    return undefined;
  }
  const groups = parseRegions(where, matrix.value.names, instanceCount);
  if (!groups.ok) {
    reader.complain('regions', `regions is "${where}": ${groups.message}`, groups.hint);
    return undefined;
  }
  return { ...matrix.value, groups: groups.value };
}
