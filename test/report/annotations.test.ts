import test from 'ava';
import { changesOf, distinctAnnotations } from '../../src/report/annotations.js';

test('what one line of the scenario caused is one annotation, however late some of them were', (t) => {
  const event = (timeS: number, text: string) => ({ timeS, text, instances: 'all', instanceCount: 3, place: 'a:1' });
  const events = [event(5, 'annotate half'), event(20, 'annotate half'), event(6, 'echo half')];
  const at = (timeS: number, text = 'half') => ({ timeS, text });
  t.deepEqual(
    distinctAnnotations(
      [at(4.8), at(9), at(14), at(20.1), at(31), at(40, 'of a module'), at(45, 'of a module')],
      events,
    ),
    [at(4.8), at(20.1), at(40, 'of a module'), at(45, 'of a module')],
  );
  t.deepEqual(distinctAnnotations([at(1), at(9)], []), [at(1), at(9)]);
});

test('what a scenario changes of the network and of lives is marked, unless there is too much of it', (t) => {
  const entry = (
    timeS: number,
    text: string,
    instances: string,
    instanceCount: number,
    changes?: 'network' | 'lives',
  ) => {
    const written = { timeS, text, instances, instanceCount, place: 'x:1' };
    return changes === undefined ? written : { ...written, changes };
  };
  const events = [
    entry(1, 'start_session', 'instances 1-10', 10),
    entry(2, 'set_link {1-4} latency=90', 'instances 5-8', 4, 'network'),
    entry(3, 'heal', 'instances 1-10', 10, 'network'),
    entry(4, 'crash', 'instance 3', 1, 'lives'),
    entry(50, 'heal', 'instances 1-10', 10, 'network'),
  ];
  t.deepEqual(changesOf(events, 10, 10), [
    { timeS: 2, text: 'set_link {1-4} latency=90 {5-8}' },
    { timeS: 3, text: 'heal' },
    { timeS: 4, text: 'crash {3}' },
  ]);
  const many = Array.from({ length: 13 }, (_, timeS) => entry(timeS, 'heal', 'instances 1-10', 10, 'network'));
  t.deepEqual(changesOf(many, 100, 10), []);
  t.is(changesOf([entry(1, 'x'.repeat(99), 'instances 1-10', 10, 'network')], 10, 10)[0]?.text.length, 48);
});
