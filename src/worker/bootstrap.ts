/** The first file of a worker thread: loads the library, which then does what the thread was started for. */
import { join } from 'node:path';
import { workerData } from 'node:worker_threads';
import { loadScript } from '../instance/load-script.js';
import type { WorkerData } from '../protocol/worker-data.js';
import { keepLibrary } from './library.js';

const library = loadScript(join(__dirname, 'gumby.cjs'), (workerData as WorkerData).libraryCache);
keepLibrary(library);
