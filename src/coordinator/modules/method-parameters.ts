import { type ParseResult, parseExpression } from '@babel/parser';
import type { TextParameter } from '../../runtime/parameter.js';

/**
 * The parameters of a method, read from its source text. All are texts; a parameter with a default in the method is
 * optional, and `...rest` takes all remaining arguments.
 * @throws SyntaxError when a parameter has no name that a scenario could write, e.g. a destructuring pattern
 */
export function methodParameters(source: string): readonly TextParameter[] {
  // Errors are tolerated: a private name used in the method is declared in the class that is not shown here.
  const parsed = parseExpression(`(class extends Object { ${source} })`, { errorRecovery: true });
  return parametersOf(parsed).map((node): TextParameter => {
    if (node.type === 'Identifier') return { type: 'text', name: node.name };
    if (node.type === 'AssignmentPattern' && node.left.type === 'Identifier')
      return { type: 'text', name: node.left.name, optional: true };
    if (node.type === 'RestElement' && node.argument.type === 'Identifier')
      return { type: 'text', name: node.argument.name, rest: true };
    throw new SyntaxError('a parameter of an experiment callback needs a plain name: a scenario passes it text');
  });
}

type Method = Extract<
  Extract<ParseResult<ReturnType<typeof parseExpression>>, { type: 'ClassExpression' }>['body']['body'][number],
  { type: 'ClassMethod' }
>;

function parametersOf(expression: ReturnType<typeof parseExpression>): Method['params'] {
  if (expression.type !== 'ClassExpression') throw new SyntaxError('not the source text of a method');
  const method = expression.body.body.find((member): member is Method => member.type === 'ClassMethod');
  if (method === undefined) throw new SyntaxError('not the source text of a method');
  return method.params;
}
