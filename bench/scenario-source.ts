import { seededRandom } from '../src/runtime/random.js';

export interface ScenarioSourceInit {
  /** @default 2300 */
  readonly lines?: number;
  /** @default 1000 */
  readonly instances?: number;
  /** @default 'scenario-source' */
  readonly seed?: number | string;
}

/** Publishing begins after the joins and is spread over this long. */
const PUBLISH_FROM_S = 60;
const PUBLISH_SPREAD_S = 200;

/**
 * The text of a scenario as an experimenter's script writes it: modules, variables, joins (three by loops, most one by one),
 * publishes spread over 200 s, a few windows, and an orderly end. It has exactly `lines` lines and no mistakes; its commands are
 * `join`, `leave`, `publish`, `search`, `introduce_peers` and built-in ones.
 */
export function scenarioSource({
  lines = 2300,
  instances = 1000,
  seed = 'scenario-source',
}: ScenarioSourceInit = {}): string {
  const random = seededRandom(seed);
  const head = [
    '# generated: joins, publishes, searches',
    '&module gumby.modules.dispersy_module.DispersyModule',
    '&module experiments.publish.publish_module.PublishModule',
    '@! set topic weather',
    `@! set role publisher {1-${Math.ceil(instances / 10)}}`,
    `@! set role reader {!1-${Math.ceil(instances / 10)}}`,
    '@! peertype $role',
    '@0 introduce_peers',
    `@1 for peer in 1 to ${Math.ceil(instances / 4)} call join $topic rank=$peer {$peer}`,
    '@0:5-0:25 join $topic',
    '@0:20-0:50 search "rain in $EXPERIMENT_NAME" limit=10',
    '@30 for round in 3 to 1 call echo round $round',
    '@0:55 annotate start-experiment',
    '',
  ];
  const tail = ['', '@4:30 annotate end-experiment', '@4:35-4:50 leave $topic', '@5:00 stop'];
  const body: string[] = [];
  const bodyLines = Math.max(0, lines - head.length - tail.length);
  const joins = Math.floor(bodyLines / 6);
  for (let index = 0; index < bodyLines; index++)
    body.push(
      index < joins ? joinLine() : index % 100 === 0 ? `# minute ${Math.floor(index / 100)}` : publishLine(index),
    );
  return [...head, ...body, ...tail].join('\n');

  function joinLine(): string {
    return `@0:${(5 + random.float() * 50).toFixed(2)} join channel-${random.integer(1, 40)} {${random.integer(1, instances)}}`;
  }

  function publishLine(index: number): string {
    const second = PUBLISH_FROM_S + (index / bodyLines) * PUBLISH_SPREAD_S;
    const time = `@${Math.floor(second / 60)}:${(second % 60).toFixed(3)}`;
    return `${time} publish $topic "message ${index} of the day" size=${random.integer(32, 4096)} {${selection()}}`;
  }

  function selection(): string {
    const peer = () => random.integer(1, instances);
    const [from, to] = [peer(), peer()].sort((a, b) => a - b) as [number, number];
    return random.pick([
      `${peer()}`,
      `${peer()}`,
      `${peer()},${peer()}`,
      `${from}-${Math.min(to, from + 20)}`,
      `!${peer()}`,
    ]);
  }
}
