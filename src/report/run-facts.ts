import type { RunRecord } from './read/run-record.js';
import type { RunFacts } from './report-data.js';

export function runFactsOf(record: RunRecord): RunFacts {
  const { experimentName, outcome, seed, startedAt, experimentMs, startUpMs, verdict, latenessMs } = record;
  const { confFile, scenarioFile, options = {} } = record.config ?? {};
  return {
    experimentName,
    outcome,
    seed,
    startedAt,
    durationS: (record.durationMs ?? 0) / 1000,
    versions: record.versions ?? {},
    machine: machineOf(record),
    options,
    commands: record.commands ?? { total: 0, done: 0, failed: 0 },
    failureCount: record.failureCount ?? 0,
    failures: record.failures ?? [],
    ...(confFile === undefined ? {} : { confFile }),
    ...(scenarioFile === undefined ? {} : { scenarioFile }),
    ...(experimentMs === undefined ? {} : { experimentS: experimentMs / 1000 }),
    ...(startUpMs === undefined ? {} : { startUpS: startUpMs / 1000 }),
    ...(latenessMs === undefined ? {} : { latenessMs }),
    ...(verdict === undefined ? {} : { verdict }),
  };
}

function machineOf({ machine = {} }: RunRecord): Readonly<Record<string, string>> {
  const { memoryBytes, ...rest } = machine;
  const facts = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)]));
  return typeof memoryBytes === 'number' ? { ...facts, memory: `${(memoryBytes / 1e9).toFixed(1)} GB` } : facts;
}
