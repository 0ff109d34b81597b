import { seededRandom } from '../runtime/random.js';
import { ALL_PEERS, includesPeer, membersOf } from './peer-set.js';
import type { EventTime, Scenario, ScenarioEvent } from './scenario.js';

/** An event as it befalls one instance. */
export interface TimelineEvent {
  /** Milliseconds since the start; `undefined` for `@!`. */
  readonly timeMs: number | undefined;
  readonly event: ScenarioEvent;
}

/** A moment of the run at which one or more instances are told one thing. */
export interface ScheduledEvent {
  /** Milliseconds since the start; 0 for `@!`, whose events come first. */
  readonly timeMs: number;
  /** Ascending. */
  readonly peers: readonly number[];
  readonly event: ScenarioEvent;
}

/** Everything that happens to one instance, in file order; a window as its chosen moment. */
export function timelineOf(scenario: Scenario, peer: number, seed: number | string): readonly TimelineEvent[] {
  return scenario.events
    .filter(({ peers }) => includesPeer(peers, peer))
    .map((event) => ({ event, timeMs: momentOf(event, peer, seed) }));
}

/** Everything that has to be sent, in order: first `@!`, then by time, events of the same time in file order. */
export function scheduleOf(scenario: Scenario, seed: number | string): readonly ScheduledEvent[] {
  // Most events are for all: they share one list.
  const everyone = membersOf(ALL_PEERS, scenario.instanceCount);
  const scheduled: ScheduledEvent[] = [];
  for (const event of scenario.events) {
    // Variables are bound when the scenario is parsed: there is nothing left to tell an instance.
    if (event.command === 'set') continue;
    const peers = event.peers.kind === 'all' ? everyone : membersOf(event.peers, scenario.instanceCount);
    if (event.time.kind === 'window')
      for (const peer of peers) scheduled.push({ timeMs: momentOf(event, peer, seed) ?? 0, peers: [peer], event });
    else if (peers.length > 0) scheduled.push({ timeMs: event.time.kind === 'at' ? event.time.ms : 0, peers, event });
  }
  return scheduled.sort(
    (a, b) => a.timeMs - b.timeMs || rank(a.event.time) - rank(b.event.time) || a.event.sequence - b.event.sequence,
  );
}

/** The instances that no `stop` ever reaches: without a time limit the run never ends by itself. */
export function instancesWithoutStop(scenario: Scenario): readonly number[] {
  const { events, instanceCount } = scenario;
  const stops = events.filter(({ command }) => command === 'stop');
  const stopped = new Set(stops.flatMap(({ peers }) => membersOf(peers, instanceCount)));
  return membersOf(ALL_PEERS, instanceCount).filter((peer) => !stopped.has(peer));
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

export function timelineJson({ timeMs, event }: TimelineEvent): TimelineJson {
  const { command, args, kwargs, place } = event;
  return { time: timeMs === undefined ? -1 : timeMs / 1000, command, args, kwargs, file: place.file, line: place.line };
}

/** A moment in a window depends on the run's seed, the line and the instance alone. */
function momentOf({ time, sequence }: ScenarioEvent, peer: number, seed: number | string): number | undefined {
  switch (time.kind) {
    case 'start':
      return undefined;
    case 'at':
      return time.ms;
    case 'window':
      return time.fromMs + seededRandom(seed, 'scenario-window', sequence, peer).float() * (time.toMs - time.fromMs);
  }
}

function rank(time: EventTime): number {
  return time.kind === 'start' ? 0 : 1;
}
