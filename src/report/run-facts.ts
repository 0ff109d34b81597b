import type { RunRecord } from '../output/record/run-record.js';
import type { RunFacts } from './report-data.js';
import type { RunEnding } from './run-ending.js';

export function runFactsOf(record: RunRecord, { outcome, ending, lastWroteAt }: RunEnding): RunFacts {
  const { experimentName, seed, startedAt, experimentMs, startUpMs, verdict, latenessMs } = record;
  const { durationMs, commands, failureCount, network } = record;
  const { confFile, scenarioFile, options = {} } = record.config ?? {};
  return {
    experimentName,
    outcome,
    seed,
    startedAt,
    versions: record.versions ?? {},
    machine: machineOf(record),
    options,
    failures: record.failures ?? [],
    ...(ending === undefined ? {} : { ending }),
    ...(lastWroteAt === undefined ? {} : { lastWroteAt }),
    ...(durationMs === undefined ? {} : { durationS: durationMs / 1000 }),
    ...(commands === undefined ? {} : { commands }),
    ...(failureCount === undefined ? {} : { failureCount }),
    ...(confFile === undefined ? {} : { confFile }),
    ...(scenarioFile === undefined ? {} : { scenarioFile }),
    ...(experimentMs === undefined ? {} : { experimentS: experimentMs / 1000 }),
    ...(startUpMs === undefined ? {} : { startUpS: startUpMs / 1000 }),
    ...(latenessMs === undefined ? {} : { latenessMs }),
    ...(network === undefined ? {} : { network }),
    ...(verdict === undefined ? {} : { verdict }),
  };
}

function machineOf({ machine = {} }: RunRecord): Readonly<Record<string, string>> {
  const { memoryBytes, ...rest } = machine;
  const facts = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)]));
  return typeof memoryBytes === 'number' ? { ...facts, memory: `${(memoryBytes / 1e9).toFixed(1)} GB` } : facts;
}
