import type { BuiltInCommandName } from '../scenario/built-in-commands.js';
import type { CommandDescription } from '../scenario/command-description.js';
import type { ParameterValue } from '../runtime/parameter.js';
import { ANNOTATIONS_FILE, appendAnnotation } from '../output/annotation-file.js';
import { LOG_KEYS } from '../output/log-keys.js';
import type { CommandTable } from './command-table.js';
import type { Experiment } from './experiment.js';

/** What the built-in commands need of an instance. */
interface BuiltInTarget extends Experiment {
  stop(): Promise<void>;
}

/**
 * Stopping is work, and when hundreds of instances are told to stop at one moment, those that begin at once would keep the
 * others from even hearing of it in time. It also lets the command be reported as done before the instance is gone. An instance stops
 * at a moment of the experiment, so that others see it go at the same moment in every run.
 */
const STOP_DELAY_MS = 50;

type Handler = (args: readonly (ParameterValue | undefined)[]) => void;

/** Binds the commands that every instance answers to without a module. `set` is not among them: the scenario's parser binds it. */
export function addBuiltInCommands(
  table: CommandTable,
  descriptions: readonly CommandDescription[],
  target: BuiltInTarget,
  print: (line: string) => void,
): void {
  const handlers: Readonly<Record<Exclude<BuiltInCommandName, 'set'>, Handler>> = {
    echo: (words) => print([target.myId, 'ECHO', ...words].join(' ')),
    annotate: ([text]) => {
      target.statisticsLog.write(LOG_KEYS.annotation, String(text));
      appendAnnotation(target.outputPath(ANNOTATIONS_FILE), target.timeS, String(text));
      target.events.emit('annotate', String(text));
    },
    peertype: ([type]) => target.statisticsLog.write(LOG_KEYS.peerType, String(type)),
    stop: () => void target.clock.schedule(STOP_DELAY_MS, () => void target.stop()),
  };
  const byName = new Map(Object.entries(handlers));
  for (const description of descriptions) {
    const handler = byName.get(description.name);
    if (handler !== undefined) table.add(description, handler);
  }
}
