import type { Diagnostic } from '../runtime/diagnostic.js';
import type { CommandDescription } from './command-description.js';
import type { Scenario, ScenarioEvent } from './scenario.js';
import { scheduleOf } from './timeline.js';

/** What becomes of the files that an instance's modules wrote, when it is started again after a crash. */
export const CRASHED_FILES = ['kept', 'lost'] as const;

export type CrashedFiles = (typeof CRASHED_FILES)[number];

/** The commands that end instances and start them again. They come from outside, and no instance is told of them. */
export const lifecycleCommands = [
  {
    name: 'crash',
    names: ['crash'],
    parameters: [],
    module: 'built-in',
    doc: 'Ends the selected instances at once, as a crash does: nothing of them is asked, and what they had in memory is gone.',
  },
  {
    name: 'restart',
    names: ['restart'],
    parameters: [{ type: 'choice', name: 'files', choices: CRASHED_FILES, default: 'kept', optional: true }],
    module: 'built-in',
    doc: 'Starts crashed instances again, with the files that their modules wrote, or, with `files=lost`, without them.',
  },
] as const satisfies readonly CommandDescription[];

/** One thing that happens to the life of some instances. */
export type LifecycleStep = {
  /** Milliseconds since GO. */
  readonly timeMs: number;
  readonly instances: readonly number[];
} & ({ readonly type: 'crash' } | { readonly type: 'restart'; readonly files: CrashedFiles });

/** What a scenario does to the lives of instances. */
export interface LifecyclePlan {
  /** In order of time. */
  readonly steps: readonly LifecycleStep[];
  /** The instances that crash and are not started again. */
  readonly crashedForGood: ReadonlySet<number>;
  /** The events that no instance is told of. */
  readonly events: ReadonlySet<ScenarioEvent>;
  readonly diagnostics: readonly Diagnostic[];
}

/** The plan of a scenario that lets everyone live. */
export const NO_LIFECYCLE: LifecyclePlan = {
  steps: [],
  crashedForGood: new Set(),
  events: new Set(),
  diagnostics: [],
};

/**
 * Reads what a scenario does to the lives of instances.
 * @param commands - those of the loaded modules: a command that a module offers is the module's, whatever its name
 * @param seed - of the run, from which the moments in windows follow
 */
export function lifecyclePlanOf(
  scenario: Scenario,
  commands: readonly CommandDescription[],
  seed: string,
): LifecyclePlan {
  const taken = new Set(commands.flatMap(({ names }) => names));
  const own = new Set<string>(lifecycleCommands.map(({ name }) => name).filter((name) => !taken.has(name)));
  const events = new Set(scenario.events.filter(({ command }) => own.has(command)));
  if (events.size === 0) return NO_LIFECYCLE;
  const diagnostics: Diagnostic[] = [];
  const crashed = new Set<number>();
  const steps = scheduleOf({ ...scenario, events: [...events] }, seed).map(
    ({ timeMs, peers, event }): LifecycleStep => {
      const isCrash = event.command === 'crash';
      const wrong = peers.find((peer) => crashed.has(peer) === isCrash);
      if (wrong !== undefined) diagnostics.push(outOfOrder(event, wrong, timeMs));
      for (const peer of peers)
        if (isCrash) crashed.add(peer);
        else crashed.delete(peer);
      return isCrash
        ? { type: 'crash', timeMs, instances: peers }
        : { type: 'restart', timeMs, instances: peers, files: filesOf(event) };
    },
  );
  return { steps, crashedForGood: crashed, events, diagnostics };
}

function filesOf({ words }: ScenarioEvent): CrashedFiles {
  const [word] = words;
  return CRASHED_FILES.find((each) => each === word?.value) ?? 'kept';
}

function outOfOrder({ command, place }: ScenarioEvent, instance: number, timeMs: number): Diagnostic {
  const when = `at ${Math.round(timeMs) / 1000} s`;
  return command === 'crash'
    ? {
        severity: 'error',
        message: `instance ${instance} has crashed before, and was not started again, when it is to crash ${when}`,
        ...place,
        hint: `put a restart {${instance}} between the two`,
      }
    : {
        severity: 'error',
        message: `instance ${instance} has not crashed when it is to be started again ${when}`,
        ...place,
        hint: `put a crash {${instance}} before it; instances that stop by themselves cannot be started again`,
      };
}
