import config from './ava.config.js';

// One at a time, on a machine with nothing else to do.
export default { ...config, files: ['test/timing/**/*.test.ts'], concurrency: 1, serial: true };
