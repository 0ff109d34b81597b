// Tests are TypeScript, run by tsx in one process a file; what they run – the CLI, the workers – is the built `dist`.
export default {
  files: ['test/**/*.test.ts'],
  extensions: { ts: 'module' },
  nodeArguments: ['--import=tsx', '--no-warnings'],
  workerThreads: false,
  concurrency: 2,
  timeout: '120s',
};
