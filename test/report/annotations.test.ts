import test from 'ava';
import { distinctAnnotations } from '../../src/report/annotations.js';

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
