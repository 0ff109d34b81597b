import type { RegionPlan } from './regions.js';

/** What `link_matrix` says for the matrix below. */
export const WORLD = 'world';

/** The page gives no time within a region. */
const WITHIN_MS = 2;

/**
 * Round trips between twelve regions of a cloud provider, in milliseconds, by the region that sends: medians of the 30
 * days until 9 April 2024. The source is "Azure network round-trip latency statistics" by Microsoft
 * (https://learn.microsoft.com/azure/networking/azure-network-latency, as of 10 April 2024), licensed under CC BY 4.0
 * (https://creativecommons.org/licenses/by/4.0/). Regions were chosen and are called here by the city or state that they
 * are in or near: East US, West US 2, Canada Central, Brazil South, UK South, Germany West Central, South Africa North,
 * UAE North, Central India, Southeast Asia, Japan East, Australia East. The page's column of West US 2 does not agree
 * with its row, and the row is taken for both directions.
 */
const ROUND_TRIPS_MS = {
  virginia: [0, 67, 20, 117, 77, 88, 232, 191, 207, 223, 157, 202],
  washington: [67, 0, 67, 184, 139, 150, 299, 246, 212, 163, 100, 161],
  toronto: [22, 67, 0, 131, 92, 103, 246, 204, 221, 222, 158, 199],
  saopaulo: [118, 184, 132, 0, 180, 193, 334, 294, 310, 340, 281, 310],
  london: [78, 139, 92, 180, 0, 17, 160, 118, 134, 157, 226, 258],
  frankfurt: [90, 150, 103, 192, 17, 0, 162, 117, 133, 156, 224, 243],
  johannesburg: [233, 299, 246, 334, 160, 162, 0, 253, 269, 293, 360, 379],
  dubai: [193, 246, 205, 293, 118, 117, 254, 0, 37, 87, 154, 170],
  pune: [210, 212, 222, 311, 134, 134, 270, 38, 0, 54, 121, 140],
  singapore: [227, 163, 221, 343, 157, 156, 292, 86, 53, 0, 72, 90],
  tokyo: [158, 100, 157, 280, 226, 223, 359, 154, 120, 71, 0, 103],
  sydney: [204, 161, 199, 311, 258, 243, 379, 170, 140, 90, 103, 0],
} as const satisfies Readonly<Record<string, readonly number[]>>;

/** Latencies between twelve regions of the world, one way: half of the round trips that were measured. */
export function worldRegions(): Pick<RegionPlan, 'names' | 'oneWayMs'> {
  return {
    names: Object.keys(ROUND_TRIPS_MS),
    oneWayMs: Object.values(ROUND_TRIPS_MS).map((row) => row.map((ms) => (ms === 0 ? WITHIN_MS : ms) / 2)),
  };
}
