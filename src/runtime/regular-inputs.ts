import type { Plugin } from 'esbuild';
import { fileProblem } from './read-file.js';

/** Keeps the compiler from files that it would read for ever, or that nobody has written as source. */
export const regularInputs: Plugin = {
  name: 'regular-inputs',
  setup(build) {
    build.onLoad({ filter: /.*/, namespace: 'file' }, ({ path }) => {
      const problem = fileProblem(path);
      return problem === undefined ? undefined : { errors: [{ text: `${path} cannot be read: ${problem.message}` }] };
    });
  },
};
