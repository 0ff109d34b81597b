import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatDiagnostic, loadExperiment, runExperiment, type RunProgress, type RunResult } from '../src/runner.js';
import { withDirectory } from './with-directory.js';

export interface BenchExperiment {
  readonly instances: number;
  /** Lines after the modules: the overlay is loaded, `tick` does nothing. */
  readonly scenario: readonly string[];
  readonly onProgress?: (progress: RunProgress) => void;
  /** Further lines of the configuration. @default none */
  readonly options?: readonly string[];
  /** Body of a further command `work`, in TypeScript. @default none */
  readonly work?: string;
}

export interface BenchRun {
  readonly result: RunResult;
  /** The processor time of the monitor in percent of one core, from the first look at the resources to the last. */
  readonly monitorShare: number;
  /** For each instance a function that gives the processor time of its thread from so many seconds after GO on, in seconds. */
  readonly cpuS: ReadonlyMap<number, (fromS: number) => number>;
}

const MODULE = `
import { createHash } from 'node:crypto';
import { Community, DefaultConversion, experimentCallback, staticModule } from 'gumby';
import { CommunityExperimentModule } from 'gumby/modules/community_experiment_module';
import { CommunityLauncher } from 'gumby/modules/community_launcher';

class IdleCommunity extends Community {
  override initiateConversions() { return [new DefaultConversion(this)]; }
}

class IdleLauncher extends CommunityLauncher {
  override getCommunityClass() { return IdleCommunity; }
}

@staticModule
export class IdleModule extends CommunityExperimentModule {
  constructor(experiment) {
    super(experiment, IdleCommunity);
    this.dispersyProvider.customCommunityLoader.setLauncher(new IdleLauncher());
  }
  @experimentCallback tick() {}
  @experimentCallback work() { WORK }
}
`;

/** Runs an experiment with an overlay in this process, on the built worker; throws when it does not succeed. */
export async function runBenchExperiment({
  instances,
  scenario,
  onProgress,
  options = [],
  work = '',
}: BenchExperiment): Promise<BenchRun> {
  return withDirectory(async (directory) => {
    const lines = ['&module gumby.modules.dispersy_module.DispersyModule', '&module ./idle_module.ts', ...scenario];
    await writeFile(
      join(directory, 'bench.conf'),
      ['experiment_name = bench', 'scenario_file = bench.scenario', `instances = ${instances}`, ...options].join('\n'),
    );
    await writeFile(join(directory, 'bench.scenario'), `${lines.join('\n')}\n`);
    await writeFile(join(directory, 'idle_module.ts'), MODULE.replace('WORK', work));
    const loaded = await loadExperiment({ confFile: 'bench.conf', projectDir: directory, set: ['seed=bench'] });
    try {
      if (loaded.experiment === undefined)
        throw new Error(loaded.diagnostics.map((diagnostic) => formatDiagnostic(diagnostic)).join('\n'));
      const { result } = await runExperiment(loaded.experiment, {
        report: 'none',
        ...(onProgress === undefined ? {} : { onProgress }),
      });
      if (result.exitCode !== 0) throw new Error(`the run failed: ${JSON.stringify(result.failures.slice(0, 3))}`);
      const table = (name: string) => readTable(join(directory, 'output', name));
      return {
        result,
        monitorShare: monitorShareOf(await table('process.csv')),
        cpuS: cpuOf(await table('resources.csv'), Date.parse(result.goAt ?? '') / 1000),
      };
    } finally {
      await loaded.dispose();
    }
  });
}

type Row = (column: string) => number;

async function readTable(file: string): Promise<readonly Row[]> {
  const [header = '', ...rows] = (await readFile(file, 'utf8')).trim().split('\n');
  const columns = header.split(',');
  return rows.map((row) => {
    const fields = row.split(',');
    return (column) => Number(fields[columns.indexOf(column)] || Number.NaN);
  });
}

function monitorShareOf(rows: readonly Row[]): number {
  const between = (column: string) => (rows.at(-1)?.(column) ?? 0) - (rows[0]?.(column) ?? 0);
  return (100 * between('monitor_s')) / between('time');
}

function cpuOf(rows: readonly Row[], goS: number): ReadonlyMap<number, (fromS: number) => number> {
  const byInstance = new Map<number, Row[]>();
  for (const row of rows) byInstance.set(row('instance'), [...(byInstance.get(row('instance')) ?? []), row]);
  const total = (row: Row | undefined) => (row === undefined ? 0 : row('user_s') + row('system_s'));
  return new Map(
    [...byInstance].map(([id, own]) => [
      id,
      // The system tells nothing about a thread that has ended.
      (fromS) =>
        total(own.findLast((row) => row('user_s') >= 0)) - total(own.find((row) => row('time') >= goS + fromS)),
    ]),
  );
}
