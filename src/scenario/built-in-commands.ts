import type { CommandDescription } from './command-description.js';

/** The commands that every scenario has without loading a module. */
export const builtInCommands = [
  {
    name: 'echo',
    names: ['echo'],
    parameters: [{ type: 'text', name: 'words', rest: true }],
    module: 'built-in',
    doc: "Prints `ID ECHO WORD ...` on the instance's standard output.",
  },
  {
    name: 'annotate',
    names: ['annotate'],
    parameters: [{ type: 'text', name: 'text' }],
    module: 'built-in',
    doc: 'Records a mark at this moment, drawn as a labelled line in the graphs.',
  },
  {
    name: 'peertype',
    names: ['peertype'],
    parameters: [{ type: 'text', name: 'type' }],
    module: 'built-in',
    doc: "Records the instance's type, so that graphs can group by it.",
  },
  {
    name: 'set',
    names: ['set'],
    parameters: [
      { type: 'text', name: 'name' },
      { type: 'text', name: 'value' },
    ],
    module: 'built-in',
    doc: 'Binds the variable `$NAME` from this line on; with a selection of instances, for those only.',
  },
  {
    name: 'stop',
    names: ['stop'],
    parameters: [],
    module: 'built-in',
    doc: 'Ends the instance; when all have ended, so has the run.',
  },
] as const satisfies readonly CommandDescription[];

/** The command that ends an instance in order. */
export const STOP_COMMAND: BuiltInCommandName = 'stop';

export type BuiltInCommandName = (typeof builtInCommands)[number]['name'];
