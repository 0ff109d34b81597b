/** The first file of a worker thread: loads the library, which then does what the thread was started for. */
import { join } from 'node:path';
import { workerData } from 'node:worker_threads';
import type { WorkerData } from '../instance/protocol.js';
import { loadLibrary } from './library.js';

loadLibrary(join(__dirname, 'gumby.cjs'), (workerData as WorkerData).codeCache);
