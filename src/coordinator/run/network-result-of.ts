import { noPackets } from '../../network/emulated/network-counts.js';
import { NAT_TYPES } from '../../network/nat/nat-type.js';
import type { MeetingResult, NetworkResult, PacketCounts } from '../../output/record/network-result.js';
import type { NetworkFigures } from '../../protocol/host-protocol.js';
import type { HostLink } from '../../protocol/instance-link.js';

/** Asks all hosts what the emulated network did, while they are still there. */
export async function networkResultOf(hosts: readonly HostLink[]): Promise<NetworkResult> {
  // A host that has died or hangs tells nothing, and its failure has been recorded where it was seen.
  const told = await Promise.all(hosts.map((host) => host.networkFigures().catch(() => undefined)));
  const figures = told.filter((each) => each !== undefined);
  return {
    packets: figures.reduce((sum: PacketCounts, { counts }) => sumOf(sum, counts), noPackets()),
    meetings: meetingsOf(figures),
    untold: hosts.filter((_, index) => told[index] === undefined).map(({ name }) => name),
  };
}

function sumOf(one: PacketCounts, other: PacketCounts): PacketCounts {
  const names = Object.keys(one) as (keyof PacketCounts)[];
  return Object.fromEntries(names.map((name) => [name, one[name] + other[name]])) as unknown as PacketCounts;
}

/** The sums of all hosts, in the same order whatever instances share hosts. */
function meetingsOf(figures: readonly NetworkFigures[]): readonly MeetingResult[] {
  const meetings = figures.flatMap((each) => each.meetings);
  return NAT_TYPES.flatMap((nat) =>
    NAT_TYPES.flatMap((otherNat) => {
      const same = meetings.filter((each) => each.nat === nat && each.otherNat === otherNat);
      const [tried, met] = [total(same.map((each) => each.tried)), total(same.map((each) => each.met))];
      return tried === 0 ? [] : [{ nat, otherNat, tried, met }];
    }),
  );
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
