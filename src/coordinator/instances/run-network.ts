import { createMailbox, Mailbox } from '../../network/emulated/mailbox.js';
import { exchangesOfNats } from '../../network/nat/later-nats.js';
import { DelayHistogram } from '../../network/delay-histogram.js';
import { type PacketCount, PACKET_COUNTS, NetworkFigures } from '../../network/network-figures.js';
import type { NetworkResult, PacketCounts } from '../../output/record/network-result.js';
import type { NetworkInit } from '../../protocol/network-protocol.js';
import type { LoadedExperiment } from '../run/run-context.js';
import { groupsOf } from './instance-hosts.js';

/** What is seen of packets where links are made by their senders, over sockets of the system. */
const SEEN_BY_SENDERS = [
  ...(['sent', 'lost', 'queueFull', 'duplicated', 'corrupted', 'notLeft'] as const),
] satisfies readonly PacketCount[];

/** The network between the instances of a run: what each thread is told of it, and what all threads count. */
export class RunNetwork {
  readonly #init: Omit<NetworkInit, 'thread' | 'figures'>;
  readonly #figures: readonly NetworkFigures[];
  readonly #mailboxes: readonly SharedArrayBuffer[];

  constructor({ config, network: { steps } }: LoadedExperiment) {
    const { clock, network, links, regions, bandwidth, nats } = config.world;
    const groups = groupsOf(config);
    // Trackers live with the first instances in virtual time, and have a thread of their own in real time.
    const trackerThread = clock === 'virtual' ? 0 : groups.length;
    const threads = Math.max(groups.length, trackerThread + 1);
    this.#figures = Array.from({ length: threads }, () => new NetworkFigures());
    const isCrossing = clock === 'real' && network === 'emulated';
    this.#mailboxes = isCrossing ? this.#figures.map(() => createMailbox()) : [];
    this.#init = {
      kind: network,
      instancesPerThread: groups[0]?.length ?? 1,
      trackerCount: config.tracker.command.kind === 'none' ? 0 : config.tracker.count,
      trackerThread,
      links,
      ...(regions === undefined ? {} : { regions }),
      bandwidth,
      nats: { ...nats, ...exchangesOfNats(steps) },
      steps,
      ...(isCrossing ? { mailboxes: this.#mailboxes } : {}),
    };
  }

  /** What a thread is told of the network. @param thread - its number: that of its instances among the groups, or the trackers' */
  initOf(thread: number): NetworkInit {
    const { memory } = this.#figures[thread] as NetworkFigures;
    return { ...this.#init, thread, figures: memory };
  }

  /** What the thread of the trackers is told of the network. */
  get initOfTrackers(): NetworkInit {
    return this.initOf(this.#init.trackerThread);
  }

  /** A thread is gone: nobody waits for it, and what is sent to it is for nobody. */
  threadEnded(thread: number): void {
    for (const [number, memory] of this.#mailboxes.entries()) {
      const mailbox = new Mailbox(memory);
      if (number === thread) mailbox.close();
      mailbox.release(thread);
    }
  }

  /** What the network has done so far. */
  get result(): NetworkResult {
    const { packets, meetings } = NetworkFigures.totalOf(this.#figures);
    const seen = this.#init.kind === 'udp' ? SEEN_BY_SENDERS : PACKET_COUNTS;
    const counts = seen.map((name): [PacketCount, number] => [name, packets[name]]);
    const asked = DelayHistogram.summaryOf(this.#figures.map(({ askedDelays }) => askedDelays));
    const measured = DelayHistogram.summaryOf(this.#figures.map(({ measuredDelays }) => measuredDelays));
    return {
      packets: Object.fromEntries(counts) as unknown as PacketCounts,
      ...(asked === undefined ? {} : { delays: { asked, ...(measured === undefined ? {} : { measured }) } }),
      meetings,
    };
  }
}

/** The network of a run; undefined where packets go over sockets of the system and nothing is changed about them. */
export function runNetworkOf(experiment: LoadedExperiment): RunNetwork | undefined {
  const { network, setsLinks } = experiment.config.world;
  const isPlain = network === 'udp' && !setsLinks && experiment.network.steps.length === 0;
  return isPlain ? undefined : new RunNetwork(experiment);
}
