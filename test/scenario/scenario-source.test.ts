import test from 'ava';
import { scenarioSource } from '../../bench/scenario-source.js';
import { scheduleOf } from '../../src/scenario/timeline.js';
import { loadText } from './load-text.js';

test('the generated scenario has the lines it is asked for, and no mistakes', (t) => {
  const source = scenarioSource({ lines: 300, instances: 50 });
  t.is(source.split('\n').length, 300);
  const scenario = loadText(source, { instanceCount: 50, variables: { EXPERIMENT_NAME: 'bench' } });
  t.deepEqual(scenario.diagnostics, []);
  t.true(scheduleOf(scenario, 'seed').length > 300);
  t.is(source, scenarioSource({ lines: 300, instances: 50 }));
});
