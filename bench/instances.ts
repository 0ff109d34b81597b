import { type Figure, median, ratioFigure } from './figure.js';
import { measureApart } from './measure-apart.js';
import type { Measured } from './measure-instances.js';

/** Compares starting instances until GO, and the memory of each, with as many threads that do nothing. */
export async function benchInstances(small: boolean): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  const rounds = small ? 1 : 3;
  for (const count of small ? [4] : [10, 100, 300]) {
    const [floors, runs]: [Measured[], Measured[]] = [[], []];
    // Both are measured in turn, so that a machine that slows down slows both.
    for (let round = 0; round < rounds; round++) {
      floors.push(await measureApart('threads', count));
      runs.push(await measureApart('instances', count));
    }
    const middle = (all: readonly Measured[], key: keyof Measured) => median(all.map((one) => one[key]));
    figures.push(
      ratioFigure(`start until GO, N = ${count}`, 'ms', middle(runs, 'startMs'), middle(floors, 'startMs'), 1.5),
      ratioFigure(
        `memory per instance, N = ${count}`,
        'MiB',
        middle(runs, 'memoryMb'),
        middle(floors, 'memoryMb'),
        1.6,
      ),
    );
  }
  return figures;
}
