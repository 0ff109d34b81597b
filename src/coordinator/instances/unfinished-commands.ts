import { GumbyError } from '../../runtime/errors.js';
import type { InstanceActor } from './instance-actor.js';
import type { RunFailures } from '../run/run-failures.js';
import type { UnfinishedCommand } from '../../output/record/run-result.js';

/** How many commands are listed, of all instances together; all are counted. */
const LISTED_MAX = 1000;

/** The commands that never came to an end; those that were under way come first. */
export function unfinishedOf(instances: readonly InstanceActor[]): readonly UnfinishedCommand[] {
  const all = instances.flatMap(({ commands }) => commands.unfinished);
  const underWay = all.filter(isUnderWay);
  return [...underWay, ...all.filter((command) => !isUnderWay(command))].slice(0, LISTED_MAX);
}

/**
 * A command that was under way when its instance was ended by anything but its scenario is a failure. Where the
 * scenario stopped the instance, the user wanted it so; and the failure of an instance is recorded already.
 */
export function recordUnfinished(failures: RunFailures, instances: readonly InstanceActor[]): void {
  for (const instance of instances) {
    if (instance.state !== 'stopped' || instance.stoppedByScenario) continue;
    for (const unfinished of instance.commands.unfinished.filter(isUnderWay)) {
      const { place } = unfinished;
      const error = new GumbyError('COMMAND_UNFINISHED', describeUnfinished(unfinished), {
        context: { ...unfinished },
      });
      failures.add(error, { instance: instance.id, place });
    }
  }
}

/** `"join" was begun at 3.002 s, and its promise has never settled`. */
export function describeUnfinished({ command, dueS, enteredS, fate }: UnfinishedCommand): string {
  const due = `"${command}", due at ${dueS} s,`;
  switch (fate) {
    case 'unsettled':
      return `"${command}" was begun at ${enteredS ?? dueS} s, and its promise has never settled`;
    case 'lost':
      return `${due} was not reported as done before the instance was ended`;
    case 'not-begun':
      return `${due} was not begun before the instance stopped`;
    case 'not-told':
      return `${due} came after the end of the instance`;
  }
}

function isUnderWay({ fate }: UnfinishedCommand): boolean {
  return fate === 'unsettled' || fate === 'lost';
}
