import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext, TestFn } from 'ava';
import { createInstanceFiles } from '../../../src/output/instance-files.js';
import { builtInCommands } from '../../../src/scenario/built-in-commands.js';
import type { HostInit, InstanceInit } from '../../../src/protocol/host-protocol.js';
import type { HostLink, InstanceLink } from '../../../src/protocol/instance-link.js';
import type { InstanceEvent } from '../../../src/protocol/instance-protocol.js';
import type { InstanceVars } from '../../../src/protocol/variables.js';
import { realClock } from '../../../src/runtime/clock.js';
import { InstanceGauges } from '../../../src/statistics/instance-gauges.js';
import { LogBuffer } from '../../../src/output/log-buffer.js';
import { MetricMemory } from '../../../src/statistics/metric-memory.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { until } from '../../network/until.js';

export const LINK_MODULE = join(import.meta.dirname, '../../fixtures/modules/link_module.ts');

type CreateHost = (t: ExecutionContext, init: Omit<HostInit, 'threadGauges' | 'bundle'>) => Promise<HostLink>;

export const COMMANDS = ['note', 'tell', 'measure', 'reject'].map((name) => ({
  name,
  names: [name] as const,
  module: 'LinkModule',
  parameters: name === 'note' || name === 'measure' ? [{ name: 'word', type: 'text' as const }] : [],
}));

/** What every way to an instance owes the coordinator. @param idsOf - how many instances a host of this kind has */
export function testLinkCompliance(test: TestFn, name: string, isShared: boolean, create: CreateHost): void {
  const ids = isShared ? [1, 2, 3] : [1];

  const start = async (t: ExecutionContext, fates: Readonly<Record<number, string>> = {}) => {
    const outputDir = await temporaryDirectory(t);
    const options = Object.fromEntries(Object.entries(fates).map(([id, fate]) => [`INSTANCE_${id}`, fate]));
    const host = await create(t, {
      ...{ ids, instanceCount: 3, seed: '7', builtInCommands, commands: [COMMANDS], options, trackers: [] },
    });
    t.teardown(() => host.terminate());
    const connect = (id: number) => {
      const events: InstanceEvent[] = [];
      const problems: string[] = [];
      const init: InstanceInit = {
        ...{ id, preferredPort: 0, ...createInstanceFiles(outputDir, id) },
      };
      const [gauges, metrics] = [new InstanceGauges(), new MetricMemory()];
      const telemetry = { gauges: gauges.buffer, metrics: metrics.buffer, log: new LogBuffer().memory };
      const link = host.connect(
        init,
        {
          onEvent: (event) => events.push(event),
          onInvalidEvent: (problem) => problems.push(problem),
          onForeignMessage: (problem) => problems.push(problem),
        },
        telemetry,
      );
      return { id, link, events, problems, gauges, metrics, output: init.stdoutFile };
    };
    return { host, connect };
  };
  const setUp = async (link: InstanceLink): Promise<InstanceVars> =>
    JSON.parse(await link.call('its set-up', 20_000, (api) => api.setUp())) as InstanceVars;
  const command = (number: number, name: string, ...args: string[]) =>
    ({ type: 'command', number, command: name, args, kwargs: {}, dueMs: 0, place: 'x:1' }) as const;

  test(`${name}: an instance is set up, told everyone's variables, commanded and stopped; all of it is heard in order`, async (t) => {
    const { connect } = await start(t);
    const { link, events, problems, output } = connect(1);
    const vars = await setUp(link);
    t.is(typeof vars['port'], 'number');
    const json = Buffer.from(JSON.stringify({ 1: vars }));
    await link.call('variables', 20_000, (api) => api.receiveAllVars({ key: 1, json }, { global_random: 0.5 }));
    link.post({ type: 'go', startMs: realClock.nowMs() });
    const words = Array.from({ length: 200 }, (_, index) => `w${index}`);
    for (const [index, word] of words.entries()) link.post(command(index, 'note', word));
    link.post(command(200, 'tell'));
    link.post(command(201, 'reject'));
    const done = () => events.flatMap((event) => (event.type === 'commands-done' ? event.numbers : []));
    await until(() => done().length === 201 && events.some(({ type }) => type === 'command-failed'));
    t.deepEqual(done(), [...words.keys(), 200], 'messages arrive in the order in which they were sent');
    t.is(await readFile(output, 'utf8'), `${words.join(' ')}\n`);
    const failed = events.find((event) => event.type === 'command-failed');
    t.like(failed, { number: 201, error: { message: 'not today' } });
    await link.call('stopping', 20_000, (api) => api.stop());
    await until(() => events.at(-1)?.type === 'stopped');
    await link.terminate();
    t.is(await link.ended, undefined);
    t.deepEqual(problems, []);
  });

  test(`${name}: what an instance and its thread measure is where the coordinator reads it, also after its end`, async (t) => {
    const { host, connect } = await start(t);
    const { link, events, gauges, metrics } = connect(1);
    await setUp(link);
    link.post({ type: 'go', startMs: realClock.nowMs() });
    for (const [number, amount] of ['3', '4'].entries()) link.post(command(number, 'measure', amount));
    const names = () => events.flatMap((event) => (event.type === 'metrics-defined' ? event.names : []));
    // As the monitor does, again and again.
    await until(() => {
      host.requestLook();
      return names().length === 2 && metrics.values[1] === 4;
    });
    t.deepEqual(names(), ['words', 'level']);
    t.deepEqual([...metrics.values.slice(0, 3)], [7, 4, 0]);
    t.true((metrics.setAtMs[1] ?? 0) > 0, 'a gauge is dated');
    t.true(gauges.get('wantedReceiveBufferBytes') > 0);
    t.true(gauges.get('countedAtMs') > 0);
    await until(() => host.gauges.get('heapUsedBytes') > 0 && host.gauges.get('lookedMs') > 0);
    link.post(command(2, 'measure', '5'));
    await until(() => events.some((event) => event.type === 'commands-done' && event.numbers.includes(2)));
    await link.call('stopping', 20_000, (api) => api.stop());
    await until(() => events.at(-1)?.type === 'stopped');
    t.deepEqual([...metrics.values.slice(0, 3)], [12, 5, 0], 'its last values have come before its last word');
    t.false(
      events.some(({ type }) => type === 'telemetry'),
      "how they come is the link's own matter",
    );
    await link.terminate();
  });

  test(`${name}: an error that a call ends with keeps its fields`, async (t) => {
    const { connect } = await start(t, { 1: 'fails' });
    const error = await t.throwsAsync(setUp(connect(1).link));
    t.like(error, { name: 'GumbyError', message: 'no such thing', code: 'PARAMETER_INVALID', context: { value: 5 } });
    t.regex(error.stack ?? '', /onIdReceived/);
    const cause = error.cause as Error;
    t.like(cause, { name: 'RangeError', message: 'too far' });
    t.is((cause.cause as Error).message, 'a text');
  });

  for (const [fate, reason] of [
    ['crashes', /^instance 1 crashed: from a timer$/],
    ['exits', /^instance 1 ended itself: process\.exit\(3\) was called in it$/],
  ] as const)
    test(`${name}: a call to an instance that ${fate} fails at once with the reason, and so does every later one`, async (t) => {
      const { connect } = await start(t, { 1: fate });
      const { link } = connect(1);
      t.regex((await t.throwsAsync(setUp(link))).message, reason);
      t.regex((await link.ended)?.message ?? '', reason);
      const begun = realClock.nowMs();
      t.regex((await t.throwsAsync(link.call('stopping', 20_000, (api) => api.stop()))).message, reason);
      t.true(realClock.nowMs() - begun < 10_000, 'it does not wait for the limit');
      link.post(command(0, 'tell'));
      await link.terminate();
    });

  test(`${name}: a call that is not answered ends at its limit, and names what was waited for`, async (t) => {
    const { connect } = await start(t, { 1: 'hangs' });
    const { link } = connect(1);
    const call = link.call('its set-up', 1_500, (api) => api.setUp());
    await t.throwsAsync(call, {
      code: 'INSTANCE_TIMEOUT',
      message: 'instance 1 did not finish its set-up within 1.5 s',
    });
  });

  test(`${name}: to terminate is final, may be repeated, and fails what is under way`, async (t) => {
    const { connect } = await start(t, { 1: 'hangs' });
    const { link, events } = connect(1);
    const call = t.throwsAsync(setUp(link), { message: 'instance 1 was ended during its set-up' });
    await until(() => events.length > 0);
    await Promise.all([link.terminate(), link.terminate()]);
    await call;
    t.is(await link.ended, undefined, 'nobody is told a reason for what was asked for');
    const heard = events.length;
    link.post(command(0, 'tell'));
    await link.terminate();
    t.is(events.length, heard);
  });

  if (!isShared) return;

  test(`${name}: instances that live together do not notice each other`, async (t) => {
    const { connect } = await start(t, { 2: 'crashes' });
    const [one, two, three] = [connect(1), connect(2), connect(3)];
    const [vars] = await Promise.all([setUp(one.link), t.throwsAsync(setUp(two.link)), setUp(three.link)]);
    t.is(vars['evaluations'], 1, 'module-level state is each its own');
    one.link.post({ type: 'go', startMs: realClock.nowMs() });
    three.link.post({ type: 'go', startMs: realClock.nowMs() });
    one.link.post(command(0, 'note', 'one'));
    three.link.post(command(0, 'note', 'three'));
    for (const { link } of [one, three]) link.post(command(1, 'tell'));
    const isDone = ({ events }: typeof one) =>
      events.flatMap((event) => (event.type === 'commands-done' ? event.numbers : [])).length === 2;
    await until(() => isDone(one) && isDone(three));
    t.is(await readFile(one.output, 'utf8'), 'one\n');
    t.is(await readFile(three.output, 'utf8'), 'three\n');
    t.is(await readFile(two.output, 'utf8'), '');
    await one.link.terminate();
    await three.link.call('stopping', 20_000, (api) => api.stop());
    await three.link.terminate();
  });
}
