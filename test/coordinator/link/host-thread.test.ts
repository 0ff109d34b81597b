import { join } from 'node:path';
import test from 'ava';
import { HostThread } from '../../../src/coordinator/link/host-thread.js';
import { compileModules } from '../../../src/coordinator/modules/compile-modules.js';
import { realClock } from '../../../src/runtime/clock.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { LINK_MODULE, testLinkCompliance } from './link-compliance.js';

for (const [name, isShared, telemetry] of [
  ['own thread', false, 'memory'],
  ['shared thread', true, 'memory'],
  ['own thread that shares no memory', false, 'messages'],
  ['shared thread that shares no memory', true, 'messages'],
] as const)
  testLinkCompliance(test, name, isShared, async (t, init) => {
    const file = join(await temporaryDirectory(t), 'modules.cjs');
    const compiled = await compileModules([LINK_MODULE], file);
    t.true(compiled.ok);
    const bundle = { file, requests: [{ loader: 0 }] };
    const onFault = (error: Error) => t.fail(error.stack);
    return new HostThread(
      { host: { ...init, bundle }, heapMb: 256, instanceMemoryMb: 256, telemetry },
      { clock: realClock, onFault },
    );
  });
