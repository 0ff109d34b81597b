import { realTime } from '../../../src/coordinator/time/experiment-time.js';
import { join } from 'node:path';
import test from 'ava';
import { HostThread } from '../../../src/coordinator/link/host-thread.js';
import { compileModules } from '../../../src/coordinator/modules/compile-modules.js';
import { realClock } from '../../../src/runtime/clock.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { builtInCommands } from '../../../src/scenario/built-in-commands.js';
import { createInstanceFiles } from '../../../src/output/instance-files.js';
import { RunFailures } from '../../../src/coordinator/run/run-failures.js';
import { InstanceActor } from '../../../src/coordinator/instances/instance-actor.js';
import { stallError } from '../../../src/coordinator/run/ready-instances.js';
import { until } from '../../network/until.js';
import { COMMANDS, LINK_MODULE, testLinkCompliance } from './link-compliance.js';

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
      { clock: realClock, time: realTime(realClock), onFault },
    );
  });

for (const telemetry of ['memory', 'messages'] as const)
  test(`of a shared thread that never comes back it is known for which instance it went, and where (${telemetry})`, async (t) => {
    const directory = await temporaryDirectory(t);
    const file = join(directory, 'modules.cjs');
    t.true((await compileModules([LINK_MODULE], file)).ok);
    const [ids, options] = [[1, 2, 3], { INSTANCE_2: 'spins' }];
    const bundle = { file, requests: [{ loader: 0 }] };
    const common = { ids, instanceCount: 3, seed: '7', builtInCommands, commands: [COMMANDS], options, trackers: [] };
    const host = new HostThread(
      { host: { ...common, bundle }, heapMb: 256, instanceMemoryMb: 256, telemetry },
      { clock: realClock, time: realTime(realClock), onFault: (error) => t.fail(error.stack) },
    );
    t.teardown(() => host.terminate());
    const failures = new RunFailures(realClock, () => {});
    const components = {
      clock: realClock,
      experimentClock: realClock,
      failures,
      onProgress: () => {},
      onLateness: () => {},
      onWarning: () => {},
    };
    const actors = ids.map(
      (id) => new InstanceActor({ id, preferredPort: 0, ...createInstanceFiles(directory, id) }, host, components),
    );
    const started = actors.map((actor) => actor.start());
    await until(() => actors[1]?.stage === 'LinkModule.onIdReceived');
    t.regex(stallError(actors).message, /instance 2: LinkModule\.onIdReceived/);
    await host.terminate();
    t.true((await Promise.allSettled(started)).some(({ status }) => status === 'rejected'));
  });
