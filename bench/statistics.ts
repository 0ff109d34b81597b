import { type Figure, plainFigure, ratioFigure } from './figure.js';
import { runBenchExperiment } from './run-bench-experiment.js';

const VALUES = 50;

/** The work of an instance: all compute the same values; every second one gives them to its statistics, the others drop them. */
const WORK = `
  const told = this.myId % 2 === 0;
  const values = ((this as any).values ??= Array.from({ length: ${VALUES} }, (_, index) =>
    told ? this.experiment.statistics.gauge('value' + index) : { value: 0 }));
  for (let index = 0; index < ${VALUES}; index++)
    if (told) values[index].set(this.experiment.timeS + index);
    else values[index].value = this.experiment.timeS + index;
`;

/** The measurement begins after this time, because at first everything is new to the instances. */
const SETTLED_S = 3;

/** Measures what it costs instances to record fifty values each a second, and the coordinator to look at all of them. */
export async function benchStatistics(small: boolean): Promise<readonly Figure[]> {
  const [instances, seconds] = small ? [20, 6] : [1000, 40];
  const { cpuS } = await runBenchExperiment({ instances, work: WORK, scenario: scenarioOf(instances, seconds) });
  const sumOf = (parity: number) =>
    [...cpuS].filter(([id]) => id % 2 === parity).reduce((sum, [, each]) => sum + each(SETTLED_S), 0);
  const monitored = small ? 10 : 200;
  const { monitorShare } = await runBenchExperiment({ instances: monitored, scenario: [`@${small ? 3 : 20} stop`] });
  return [
    ratioFigure(`statistics, ${VALUES} values a second, ${instances} instances`, 's CPU', sumOf(0), sumOf(1), 1.03),
    plainFigure(`monitoring, ${monitored} instances`, '% of a core', monitorShare, 1),
  ];
}

/** Everyone works once a second, a tenth of them at a time. */
function scenarioOf(instances: number, seconds: number): readonly string[] {
  const works = Array.from({ length: seconds }, (_, second) =>
    Array.from({ length: PHASES }, (_, phase) => `@${1 + second + phase / PHASES} work {${phaseOf(instances, phase)}}`),
  );
  return [...works.flat(), `@${1 + seconds} stop`];
}

/** Instances that all worked at once would measure how a crowd of threads is woken. */
const PHASES = 10;

function phaseOf(instances: number, phase: number): string {
  const size = instances / PHASES;
  return size === 1 ? String(phase + 1) : `${phase * size + 1}-${(phase + 1) * size}`;
}
