import { type Figure, median, plainFigure, ratioFigure } from './figure.js';
import { runBenchExperiment } from './run-bench-experiment.js';

const VALUES = 50;

/** The same values, once told to nobody and once to the statistics. */
const WORK = {
  plain: `const values = ((this as any).values ??= Array.from({ length: ${VALUES} }, () => ({ value: 0 })));
  for (let index = 0; index < ${VALUES}; index++) values[index].value = this.experiment.timeS + index;`,
  told: `const gauges = ((this as any).gauges ??= Array.from({ length: ${VALUES} }, (_, index) =>
    this.experiment.statistics.gauge('value' + index)));
  for (let index = 0; index < ${VALUES}; index++) gauges[index].set(this.experiment.timeS + index);`,
} as const;

/** What it costs the instances to tell fifty values each a second, and the coordinator to look at all of them. */
export async function benchStatistics(small: boolean): Promise<readonly Figure[]> {
  const [instances, seconds, rounds] = small ? [10, 3, 1] : [1000, 15, 3];
  const cpuS: Record<keyof typeof WORK, number[]> = { plain: [], told: [] };
  for (let round = 0; round < rounds; round++)
    for (const kind of ['plain', 'told'] as const) cpuS[kind].push(await cpuOfRun(instances, seconds, WORK[kind]));
  const monitored = small ? 10 : 200;
  const { monitorShare } = await runBenchExperiment({ instances: monitored, scenario: [`@${small ? 3 : 20} stop`] });
  const name = `statistics, ${VALUES} values a second of ${instances} instances`;
  return [
    ratioFigure(name, 's CPU', median(cpuS.told), median(cpuS.plain), 1.03),
    plainFigure(`monitoring, ${monitored} instances`, '% of a core', monitorShare, 1),
  ];
}

/** Of the whole process, while the instances do this once a second each. */
async function cpuOfRun(instances: number, seconds: number, work: string): Promise<number> {
  let usage: NodeJS.CpuUsage | undefined;
  let used = 0;
  const scenario = Array.from({ length: seconds }, (_, second) =>
    Array.from({ length: PHASES }, (_, phase) => `@${1 + second + phase / PHASES} work {${phaseOf(instances, phase)}}`),
  ).flat();
  await runBenchExperiment({
    instances,
    work,
    scenario: [...scenario, `@${1 + seconds} stop`],
    onProgress: (progress) => {
      // The first time everything is new to the instances: what is measured is the second time and all later ones.
      if (progress.type === 'tick' && progress.timeS >= 2) usage ??= process.cpuUsage();
      if (progress.type !== 'stage' || progress.stage !== 'stopping') return;
      const { user, system } = process.cpuUsage(usage);
      used = (user + system) / 1e6;
    },
  });
  return used;
}

/** All at once would measure how a crowd of threads is woken. */
const PHASES = 10;

function phaseOf(instances: number, phase: number): string {
  const size = instances / PHASES;
  return size === 1 ? String(phase + 1) : `${phase * size + 1}-${(phase + 1) * size}`;
}
