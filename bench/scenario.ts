import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadScenario } from '../src/scenario/load-scenario.js';
import { scheduleOf } from '../src/scenario/timeline.js';
import { type Figure, median, plainFigure } from './figure.js';
import { scenarioSource } from './scenario-source.js';
import { withDirectory } from './with-directory.js';

/** Parsing a scenario once for all instances, and making their schedule. */
export async function benchScenario(small: boolean): Promise<readonly Figure[]> {
  const [lines, instanceCount, rounds] = small ? [230, 100, 3] : [2300, 1000, 15];
  return withDirectory(async (directory) => {
    const file = join(directory, 'bench.scenario');
    await writeFile(file, scenarioSource({ lines, instances: instanceCount }));
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const startMs = performance.now();
      const scenario = loadScenario({
        file,
        projectDir: directory,
        experimentDir: directory,
        instanceCount,
        variables: {},
      });
      if (scenario.diagnostics.some(({ severity }) => severity === 'error'))
        throw new Error('the scenario of the bench is wrong');
      scheduleOf(scenario, round);
      times.push(performance.now() - startMs);
    }
    return [plainFigure(`scenario of ${lines} lines for ${instanceCount} instances`, 'ms', median(times), 60)];
  });
}
