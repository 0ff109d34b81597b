import { noSamples } from '../../src/network/links/samples.js';
import test from 'ava';
import { loadScenario } from '../../src/scenario/load-scenario.js';
import { networkPlanOf } from '../../src/scenario/network-commands.js';

function planOf(lines: string, commands: readonly string[] = []) {
  const scenario = loadScenario({
    file: '/x/a.scenario',
    projectDir: '/x',
    experimentDir: '/x',
    instanceCount: 20,
    variables: {},
    read: () => ({ ok: true, lines: lines.split('\n') }),
  });
  const described = commands.map((name) => ({ name, names: [name] as const, parameters: [], module: 'Module' }));
  const { steps, events, diagnostics } = networkPlanOf(scenario, described, noSamples);
  const said = [...scenario.diagnostics, ...diagnostics].map(
    ({ line, column, message, hint }) => `${line}:${column} ${message}|${hint ?? ''}`,
  );
  return { steps, events, said };
}

test('links are set for all, for a group, between groups, and one way', (t) => {
  const { steps, said } = planOf(
    [
      '@30 set_link latency=200 loss=5% {1-10} to {11-20}',
      '@10 set_link latency=50',
      '@20 set_link jitter=0..5:normal {1, 3-4}',
      '@40 set_link loss=0 {1} {2}',
    ].join('\n'),
  );
  t.deepEqual(said, []);
  const constant = (value: number) => ({ from: value, to: value, shape: 'uniform' });
  t.deepEqual(
    steps.map(({ timeMs, change }) => [timeMs, change]),
    [
      [
        10_000,
        { type: 'set-link', from: undefined, to: undefined, direction: 'both', change: { latency: constant(50) } },
      ],
      [
        20_000,
        {
          type: 'set-link',
          from: [
            { from: 1, to: 1 },
            { from: 3, to: 4 },
          ],
          to: undefined,
          direction: 'both',
          change: { jitter: { from: 0, to: 5, shape: 'normal' } },
        },
      ],
      [
        30_000,
        {
          type: 'set-link',
          from: [{ from: 1, to: 10 }],
          to: [{ from: 11, to: 20 }],
          direction: 'one-way',
          change: { latency: constant(200), loss: 0.05 },
        },
      ],
      [
        40_000,
        {
          type: 'set-link',
          from: [{ from: 1, to: 1 }],
          to: [{ from: 2, to: 2 }],
          direction: 'both',
          change: { loss: 0 },
        },
      ],
    ],
  );
});

test('partitions have any number of groups, and one alone is parted from all others', (t) => {
  const { steps, said } = planOf(
    '@1 partition {1-5} {6,7} {8-20}\n@2 partition {3}\n@3 heal\n@4 for i in 1 to 2 call disconnect {$i}',
  );
  t.deepEqual(said, []);
  t.deepEqual(
    steps.map(({ change }) => change),
    [
      { type: 'partition', groups: [[{ from: 1, to: 5 }], [{ from: 6, to: 7 }], [{ from: 8, to: 20 }]] },
      {
        type: 'partition',
        groups: [
          [{ from: 3, to: 3 }],
          [
            { from: 1, to: 2 },
            { from: 4, to: 20 },
          ],
        ],
      },
      { type: 'heal' },
      { type: 'disconnect', group: [{ from: 1, to: 1 }] },
      { type: 'disconnect', group: [{ from: 2, to: 2 }] },
    ],
  );
});

for (const [line, expected] of [
  ['@1 set_link latency=0', /^1:13 latency is "0"\|expected milliseconds from 0\.1/],
  ['@1 set_link latency=-5', /^1:13 latency is "-5"/],
  ['@1 set_link loss=101%', /^1:13 loss is "101%"\|expected a share from 0% to 100%/],
  ['@1 set_link latancy=5', /^1:13 links have no setting "latancy": did you mean "latency"\?/],
  ['@1 set_link {1}', /set_link sets nothing/],
  ['@1 set_link loss=1% 1-10', /"1-10" is no group of instances\|groups stand in braces/],
  ['@1 set_link loss=1% {1} {2} {3}', /two groups at most/],
  ['@1 set_link loss=1% to {3}', /"to" stands between two groups/],
  ['@1 set_link loss=1% {1-30} {2}', /the range 1-30 reaches outside 1\.\.20/],
  ['@1 set_link loss=1% {5-1} {2}', /the range 5-1 has its ends swapped/],
  ['@1-5 heal', /heal happens to the network as a whole, at one moment\|give one time/],
  ['@1 partition', /partition needs groups/],
  ['@1 partition {1-5} {5-9}', /instance 5 is in two groups of the partition/],
  ['@1 partition latency=5 {1} {2}', /partition has no argument named "latency"/],
  ['@1 cut {1} {2}', /cut needs two groups, and which way/],
  ['@1 heal {1}', /heal is for all/],
  ['@1 disconnect {1} {2}', /disconnect takes one group/],
  ['@1 set_bandwidth {1}', /set_bandwidth sets nothing\|write what it is to set: up=1mbit/],
  ['@1 set_bandwidth up=1 {1}', /^1:18 up is "1"\|expected a rate/],
  ['@1 set_bandwidth upp=1mbit {1}', /bandwidths have no setting "upp": did you mean "up"\?/],
  ['@1 set_bandwidth up=1mbit {1} {2}', /set_bandwidth takes one group/],
  ['@1 set_link mtu=big {1}', /mtu is "big"/],
  ['@1 set_nat', /set_nat needs a type of NAT\|write set_nat symmetric/],
  [
    '@1 set_nat simmetric {1}',
    /^1:12 there is no NAT "simmetric": did you mean "symmetric"\?\|expected none, full-cone/,
  ],
  ['@1 set_nat symmetric {1} {2}', /set_nat takes one group/],
  ['@1 set_nat symmetric timeout=3 {1}', /set_nat has no argument named "timeout"/],
  ['@1-3 set_nat symmetric {1}', /set_nat happens to the network as a whole, at one moment/],
] as const)
  test(`an error with its place: ${line}`, (t) => {
    const { said, steps } = planOf(line);
    t.deepEqual(steps, []);
    t.true(said.length >= 1);
    t.regex(said[0] ?? '', expected);
  });

test('bandwidths are set for a group, or for everyone', (t) => {
  const { steps, said } = planOf('@0 set_bandwidth up=1mbit queue=10kB {5}\n@1 set_bandwidth down=none');
  t.deepEqual(said, []);
  t.deepEqual(
    steps.map(({ change }) => change),
    [
      { type: 'set-bandwidth', change: { up: 1e6, queue: 10_000 }, group: [{ from: 5, to: 5 }] },
      { type: 'set-bandwidth', change: { down: Infinity }, group: [{ from: 1, to: 20 }] },
    ],
  );
});

test('NATs are set for a group, or for everyone', (t) => {
  const { steps, said } = planOf('@0 set_nat symmetric {5}\n@1 set_nat none');
  t.deepEqual(said, []);
  t.deepEqual(
    steps.map(({ change }) => change),
    [
      { type: 'set-nat', nat: 'symmetric', group: [{ from: 5, to: 5 }] },
      { type: 'set-nat', nat: 'none', group: [{ from: 1, to: 20 }] },
    ],
  );
});

test('a command that a module offers is the module’s', (t) => {
  const { steps, events } = planOf('@1 heal\n@2 restore', ['heal']);
  t.deepEqual(
    steps.map(({ change }) => change.type),
    ['restore'],
  );
  t.is(events.size, 1);
});
