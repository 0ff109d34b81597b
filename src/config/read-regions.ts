import { resolve } from 'node:path';
import type { RegionPlan } from '../network/links/regions.js';
import { parseMatrix, parseRegions } from '../network/links/regions.js';
import { WORLD, worldRegions } from '../network/links/world-regions.js';
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
  const matrix = name === WORLD ? worldRegions() : readMatrix(reader, resolve(experimentDir, name));
  if (matrix === undefined) return undefined;
  const groups = parseRegions(where, matrix.names, instanceCount);
  if (!groups.ok) {
    reader.complain('regions', `regions is "${where}": ${groups.message}`, groups.hint);
    return undefined;
  }
  return { ...matrix, groups: groups.value };
}

function readMatrix(reader: OptionReader, file: string): ReturnType<typeof worldRegions> | undefined {
  const read = readTextFile(file);
  if (!read.ok) {
    reader.complain(
      'link_matrix',
      `link_matrix cannot be read: ${read.missing === true ? `there is no ${file}` : read.message}`,
      `name a file beside the configuration, or "${WORLD}" for twelve regions of the world`,
    );
    return undefined;
  }
  const matrix = parseMatrix(read.text);
  if (matrix.ok) return matrix.value;
  reader.complain('link_matrix', `${file}:${matrix.line}: ${matrix.message}`, matrix.hint);
  return undefined;
}
