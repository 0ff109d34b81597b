import type { Figure } from './figure.js';
import { plainFigure } from './figure.js';
import { runBenchExperiment } from './run-bench-experiment.js';

/** How late the events of a scenario are when all instances are told something at once. */
export async function benchLateness(small: boolean): Promise<readonly Figure[]> {
  const [instances, rounds] = small ? [10, 3] : [200, 20];
  const events = Array.from({ length: rounds }, (_, round) => `@${2 + round / 2} tick`);
  const { result } = await runBenchExperiment({ instances, scenario: [...events, `@${3 + rounds / 2} stop`] });
  const { latenessMs } = result;
  if (latenessMs === undefined) throw new Error('no event was dispatched');
  const name = `lateness of events, ${instances} instances at once`;
  return [plainFigure(`${name}, median`, 'ms', latenessMs.median, 2), plainFigure(`${name}, p99`, 'ms', latenessMs.p99, 10)];
}
