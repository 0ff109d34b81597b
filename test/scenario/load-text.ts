import { join } from 'node:path';
import { formatDiagnostic } from '../../src/runtime/diagnostic.js';
import { loadScenario, type LoadScenarioInit } from '../../src/scenario/load-scenario.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { timelineJson, timelineOf } from '../../src/scenario/timeline.js';

export const FIXTURES = join(import.meta.dirname, '../fixtures/scenario');

type Options = Partial<Pick<LoadScenarioInit, 'instanceCount' | 'variables'>> & {
  /** Further files by absolute path. */
  readonly files?: Readonly<Record<string, string>>;
};

/** Loads a scenario from memory, as `/project/test.scenario` of 5 instances. */
export function loadText(text: string, { files = {}, ...options }: Options = {}): Scenario {
  const all: Readonly<Record<string, string>> = { '/project/test.scenario': text, ...files };
  return loadScenario({
    file: '/project/test.scenario',
    projectDir: '/project',
    experimentDir: '/project/experiment',
    instanceCount: 5,
    variables: {},
    ...options,
    read(file) {
      const source = all[file];
      return source === undefined
        ? { ok: false, message: 'it is not there', missing: true }
        : { ok: true, lines: source.split('\n') };
    },
  });
}

/** Loads a fixture from disk, with project and experiment directories of its own. */
export function loadFixture(name: string, variables: Readonly<Record<string, string>> = {}): Scenario {
  return loadScenario({
    file: join(FIXTURES, name),
    projectDir: join(FIXTURES, 'include/project'),
    experimentDir: join(FIXTURES, 'include/experiment'),
    instanceCount: 5,
    variables,
  });
}

/** What instance `peer` does, a line an event: `15 annotate start-experiment`; named arguments after `|`. */
export function timelineText(scenario: Scenario, peer: number): readonly string[] {
  return timelineOf(scenario, peer, 'seed').map((event) => {
    const { time, command, args, kwargs } = timelineJson(event);
    const named = Object.entries(kwargs).map(([name, value]) => `${name}=${value}`);
    return [time, command, ...args, ...(named.length === 0 ? [] : ['|', ...named])].join(' ');
  });
}

/** `line:column: severity: message` of each diagnostic. */
export function complaints(scenario: Pick<Scenario, 'diagnostics'>): readonly string[] {
  return scenario.diagnostics.map(
    ({ line, column, severity, message }) => `${line ?? '-'}:${column ?? '-'}: ${severity}: ${message}`,
  );
}

/** As a terminal shows them. */
export function shown(scenario: Pick<Scenario, 'diagnostics'>): string {
  return scenario.diagnostics.map((diagnostic) => formatDiagnostic(diagnostic)).join('\n');
}
