import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { packageDirectory } from '../../runtime/package-directory.js';

/** What an editor needs to know the types; modules are compiled by the runner, not by this. */
export function tsconfigTemplate(directory: string): string {
  const compilerOptions = {
    target: 'es2023',
    module: 'node20',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
    ...(isInstalledFor(directory) ? {} : pathsTo(relative(directory, packageDirectory()))),
  };
  return `${JSON.stringify({ compilerOptions, include: ['*.ts'] }, undefined, 2)}\n`;
}

/** Whether `import … from 'gumby'` finds the package from here by itself. */
function isInstalledFor(directory: string): boolean {
  try {
    createRequire(join(directory, 'module.ts')).resolve('gumby/package.json');
    return true;
  } catch {
    return false;
  }
}

function pathsTo(packagePath: string) {
  return {
    paths: {
      gumby: [`${packagePath}/dist/types/src/index.d.ts`],
      'gumby/graphs': [`${packagePath}/dist/types/src/graphs.d.ts`],
      'gumby/modules/*': [`${packagePath}/dist/types/modules/*.d.ts`],
    },
    typeRoots: [`${packagePath}/node_modules/@types`],
  };
}
