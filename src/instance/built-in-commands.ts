import type { CommandDescription } from '../scenario/command-description.js';
import type { ParameterValue } from '../runtime/parameter.js';
import type { CommandTable } from './command-table.js';
import type { Experiment } from './experiment.js';

/** What the built-in commands need of an instance. */
interface BuiltInTarget extends Experiment {
  stop(): Promise<void>;
}

type Handler = (args: readonly (ParameterValue | undefined)[]) => void;

/** Binds the commands that every instance answers to without a module. `set` is none of them: it binds when parsed. */
export function addBuiltInCommands(
  table: CommandTable,
  descriptions: readonly CommandDescription[],
  target: BuiltInTarget,
  print: (line: string) => void,
): void {
  const handlers: Readonly<Record<string, Handler>> = {
    echo: (words) => print([target.myId, 'ECHO', ...words].join(' ')),
    annotate: ([text]) => {
      target.statisticsLog.write('annotate', String(text));
      target.events.emit('annotate', String(text));
    },
    peertype: ([type]) => target.statisticsLog.write('peertype', String(type)),
    // A moment later, so that the command itself is reported as done before the instance is gone.
    stop: () => void target.clock.schedule(0, () => void target.stop()),
  };
  for (const description of descriptions) {
    const handler = handlers[description.name];
    if (handler !== undefined) table.add(description, handler);
  }
}
