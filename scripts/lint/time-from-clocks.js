import ts from 'typescript';

const TIMERS = ['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'];

/** The declarations of Node and the browser that tell time or wait for it, and their names there. */
const SOURCES = [
  { file: /@types\/node\/timers(\/promises)?\.d\.ts$/, names: [...TIMERS, 'wait', 'yield'] },
  { file: /@types\/node\/perf_hooks\.d\.ts$/, names: ['now', 'timeOrigin', 'mark', 'measure'] },
  { file: /@types\/node\/(process|os)\.d\.ts$/, names: ['hrtime', 'uptime'] },
  { file: /@types\/node\/.*abortcontroller\.d\.ts$/, names: ['timeout'] },
  { file: /\/lib\.es5\.d\.ts$/, names: ['now'] },
  { file: /\/lib\.dom\.d\.ts$/, names: [...TIMERS, 'now', 'timeOrigin', 'timeout'] },
];

/**
 * Forbids every global timer and time source, in whatever way it is spelt: the type checker says what a name stands
 * for, so that neither `globalThis`, an import, an alias nor a destructuring hides it. Code takes time from the clocks,
 * which may be the machine's, or an experiment's that runs ahead of it or stands still.
 */
export const timeFromClocks = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      time: '{{name}} is not told by a Clock. Take the machine’s or the experiment’s clock that is passed in.',
    },
  },
  create(context) {
    const services = context.sourceCode.parserServices;
    const checker = services.program.getTypeChecker();
    const report = (node) =>
      context.report({ node, messageId: 'time', data: { name: context.sourceCode.getText(node) } });
    const reportIfTime = (node, symbol) => {
      if (isTime(symbol, checker)) report(node);
    };
    return {
      Identifier(node) {
        if (!isReference(node)) return;
        const tsNode = services.esTreeNodeToTSNodeMap.get(node);
        const symbol = ts.isShorthandPropertyAssignment(tsNode.parent)
          ? checker.getShorthandAssignmentValueSymbol(tsNode.parent)
          : services.getSymbolAtLocation(node);
        // An imported name is reported at its import.
        if (symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) === 0) reportIfTime(node, symbol);
      },
      MemberExpression(node) {
        const symbol = services.getSymbolAtLocation(node.property);
        const name = node.computed ? node.property.value : node.property.name;
        // A name of type `any` has no declaration; then the name itself is telling enough.
        if (symbol === undefined ? TIMERS.includes(name) || name === 'hrtime' : isTime(symbol, checker)) report(node);
      },
      ObjectPattern(node) {
        const type = services.getTypeAtLocation(node);
        for (const property of node.properties)
          if (property.type === 'Property' && !property.computed) {
            const symbol = type.getProperty(property.key.name ?? property.key.value);
            if (symbol !== undefined) reportIfTime(property, symbol);
          }
      },
      'ImportSpecifier, ExportSpecifier'(node) {
        const symbol = services.getSymbolAtLocation(node.local);
        if (symbol !== undefined) reportIfTime(node, symbol);
      },
      'NewExpression[arguments.length=0]': reportIfDate,
      CallExpression: reportIfDate,
    };

    function reportIfDate(node) {
      if (services.getTypeAtLocation(node.callee).getSymbol()?.name === 'DateConstructor') report(node);
    }
  },
};

/** Whether the identifier stands for a value, is not declared here, and is not looked at as part of something larger. */
function isReference(node) {
  const { parent } = node;
  switch (parent.type) {
    case 'MemberExpression':
      return parent.object === node || (parent.computed && parent.property === node);
    case 'Property':
      return parent.value === node && parent.parent.type === 'ObjectExpression';
    case 'ImportSpecifier':
    case 'ExportSpecifier':
    case 'TSTypeQuery':
    case 'TSQualifiedName':
    case 'TSTypeReference':
      return false;
    default:
      return true;
  }
}

function isTime(symbol, checker) {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return (target.declarations ?? []).some((declaration) => {
    const { fileName } = declaration.getSourceFile();
    return SOURCES.some(({ file, names }) => names.includes(target.name) && file.test(fileName));
  });
}
