import { seededRandom } from '../runtime/random.js';
import { ALL_PEERS, includesPeer, peersIn } from '../runtime/peers/peer-set.js';
import type { Scenario, ScenarioEvent } from './scenario.js';

/** A scenario event at a moment of the run, with those of its instances that have this moment. */
export interface ScheduledEvent {
  /** Milliseconds since the start; 0 for `@!`, whose events come first. */
  readonly timeMs: number;
  /** Ascending. */
  readonly peers: readonly number[];
  readonly event: ScenarioEvent;
}

/** Everything that happens to one instance, in file order; an event in a window stands at the moment chosen for the instance. */
export function timelineOf(scenario: Scenario, peer: number, seed: number | string): readonly ScheduledEvent[] {
  return scenario.events
    .filter(({ peers }) => includesPeer(peers, peer))
    .map((event) => ({ timeMs: momentOf(event, peer, seed), peers: [peer], event }));
}

/** Everything that has to be sent, in order: first `@!`, then by time, events of the same time in file order. */
export function scheduleOf(scenario: Scenario, seed: number | string): readonly ScheduledEvent[] {
  // Most events are for all: they share one list.
  const everyone = peersIn(ALL_PEERS, scenario.instanceCount);
  const scheduled: ScheduledEvent[] = [];
  for (const event of scenario.events) {
    // Variables are bound when the scenario is parsed: there is nothing left to tell an instance.
    if (event.command === 'set') continue;
    const peers = event.peers.kind === 'all' ? everyone : peersIn(event.peers, scenario.instanceCount);
    if (event.time.kind === 'window')
      for (const peer of peers) scheduled.push({ timeMs: momentOf(event, peer, seed), peers: [peer], event });
    else if (peers.length > 0) scheduled.push({ timeMs: event.time.kind === 'at' ? event.time.ms : 0, peers, event });
  }
  return scheduled.sort(
    (a, b) =>
      a.timeMs - b.timeMs ||
      Number(isBeforeAll(b.event)) - Number(isBeforeAll(a.event)) ||
      a.event.sequence - b.event.sequence,
  );
}

/** The instances that no `stop` ever reaches: without a time limit the run never ends by itself. */
export function instancesWithoutStop(scenario: Scenario): readonly number[] {
  const { events, instanceCount } = scenario;
  const stops = events.filter(({ command }) => command === 'stop');
  const stopped = new Set(stops.flatMap(({ peers }) => peersIn(peers, instanceCount)));
  return peersIn(ALL_PEERS, instanceCount).filter((peer) => !stopped.has(peer));
}

/** One line of `gumby timeline --json`. */
export interface TimelineJson {
  /** Seconds since the start; -1 for `@!`. */
  readonly time: number;
  readonly command: string;
  readonly args: readonly string[];
  readonly kwargs: Readonly<Record<string, string>>;
  readonly file: string;
  readonly line: number;
}

export function timelineJson({ timeMs, event }: ScheduledEvent): TimelineJson {
  const { command, args, kwargs, place } = event;
  return { time: isBeforeAll(event) ? -1 : timeMs / 1000, command, args, kwargs, file: place.file, line: place.line };
}

/** A moment in a window depends on the run's seed, the line and the instance alone. */
function momentOf({ time, sequence }: ScenarioEvent, peer: number, seed: number | string): number {
  switch (time.kind) {
    case 'start':
      return 0;
    case 'at':
      return time.ms;
    case 'window':
      return time.fromMs + seededRandom(seed, 'scenario-window', sequence, peer).float() * (time.toMs - time.fromMs);
  }
}

/** Whether it is an event of `@!`. */
export function isBeforeAll({ time }: ScenarioEvent): boolean {
  return time.kind === 'start';
}
