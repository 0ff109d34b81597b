// Tests are TypeScript, run by tsx in one process a file; what they run – the CLI, the workers – is the built `dist`.
export default {
  // Those that judge the machine's pace run after all others, by themselves: see ava.timing.config.js.
  files: ['test/**/*.test.ts', '!test/timing/**'],
  extensions: { ts: 'module' },
  nodeArguments: ['--import=tsx', '--no-warnings'],
  workerThreads: false,
  concurrency: 2,
  timeout: '120s',
};
