import { readFileSync } from 'node:fs';
import { parse } from '@babel/parser';
import { type DocNode, type DocSection, DocExcerpt, TSDocParser } from '@microsoft/tsdoc';
import { describeType } from '../../runtime/parameter.js';
import { builtInCommands } from '../../scenario/built-in-commands.js';
import { lifecycleCommands } from '../../scenario/lifecycle-commands.js';
import { networkCommands } from '../../scenario/network-commands.js';
import { usageOf } from '../../scenario/check-commands.js';
import type { CommandDescription } from '../../scenario/command-description.js';
import type { LoadedModules } from './load-modules.js';

/** A command as it is described to people. */
export interface DocumentedCommand {
  readonly names: readonly string[];
  /** The class that offers the command, `built-in`, or `network`. */
  readonly module: string;
  /** `extended_hello repetitions [separator]`. */
  readonly usage: string;
  /** The text of the method's TSDoc; empty when there is none. */
  readonly doc: string;
  readonly parameters: readonly { readonly name: string; readonly type: string; readonly doc: string }[];
}

/** Every command that a scenario may use, the modules' first, with the documentation that stands above their methods. */
export function documentCommands(modules: LoadedModules): readonly DocumentedCommand[] {
  const comments = collectComments(modules.sources);
  const documented = modules.commands.flatMap((commands, index) =>
    commands.map((command, position) => {
      const origin = modules.origins[index]?.[position];
      return document(command, comments.get(`${origin?.className ?? ''}.${origin?.methodName ?? ''}`));
    }),
  );
  return [
    ...documented,
    ...[...builtInCommands, ...lifecycleCommands, ...networkCommands].map((command) => document(command, undefined)),
  ];
}

function document(command: CommandDescription, comment: string | undefined): DocumentedCommand {
  const { summary, parameters } =
    comment === undefined ? { summary: command.doc ?? '', parameters: NO_DOCS } : parseComment(comment);
  return {
    names: command.names,
    module: command.module,
    usage: usageOf(command),
    doc: summary,
    parameters: command.parameters.map((parameter) => ({
      name: parameter.name,
      type: describeType(parameter),
      doc: parameters.get(parameter.name) ?? '',
    })),
  };
}

const NO_DOCS: ReadonlyMap<string, string> = new Map();

/** The doc comment of each method of each class, by `Class.method`. */
function collectComments(files: readonly string[]): ReadonlyMap<string, string> {
  const comments = new Map<string, string>();
  for (const file of files) {
    if (!/\.[cm]?[jt]s$/.test(file) || file.includes('/node_modules/')) continue;
    const { program } = parse(readFileSync(file, 'utf8'), {
      sourceType: 'module',
      plugins: ['typescript', ['decorators', { allowCallParenthesized: true }], 'explicitResourceManagement'],
      errorRecovery: true,
    });
    for (const statement of program.body) {
      const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
      if (declaration?.type !== 'ClassDeclaration') continue;
      for (const member of declaration.body.body) {
        if (member.type !== 'ClassMethod' || member.key.type !== 'Identifier') continue;
        // A decorator may stand between the comment and the method's name.
        const leading = [...(member.leadingComments ?? []), ...(member.decorators?.[0]?.leadingComments ?? [])];
        const doc = leading.filter(({ type, value }) => type === 'CommentBlock' && value.startsWith('*')).at(-1);
        if (doc !== undefined) comments.set(`${declaration.id?.name ?? ''}.${member.key.name}`, `/*${doc.value}*/`);
      }
    }
  }
  return comments;
}

function parseComment(comment: string): { readonly summary: string; readonly parameters: ReadonlyMap<string, string> } {
  const { docComment } = new TSDocParser().parseString(comment);
  const parameters = docComment.params.blocks.map((block) => [block.parameterName, textOf(block.content)] as const);
  const remarks = docComment.remarksBlock === undefined ? '' : textOf(docComment.remarksBlock.content);
  return {
    summary: [textOf(docComment.summarySection), remarks].filter((text) => text !== '').join('\n'),
    parameters: new Map(parameters),
  };
}

/** A section's text, each paragraph in one line. */
function textOf(section: DocSection): string {
  return section.nodes
    .map((node) => excerptsOf(node).join('').replaceAll(/\s+/g, ' ').trim())
    .filter((text) => text !== '')
    .join('\n');
}

function excerptsOf(node: DocNode): readonly string[] {
  if (node instanceof DocExcerpt) return [node.content.toString()];
  if (node.kind === 'SoftBreak') return [' '];
  return node.getChildNodes().flatMap(excerptsOf);
}
