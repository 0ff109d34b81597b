import { type InstanceRange, isInRanges } from '../../runtime/peers/instance-range.js';
import { parsePeerSpec } from '../../runtime/peers/peer-spec.js';
import { firstInBoth, rangesOf } from '../../runtime/peers/peer-set.js';
import { didYouMean } from '../../runtime/suggestion.js';
import type { Parsed, Refusal } from './parsed.js';
import { LATENCY_MIN_MS } from './link-settings.js';

/** Latencies between regions of the world, and who lives where: plain data. */
export interface RegionPlan {
  readonly names: readonly string[];
  /** The latency from the region of the row to the region of the column, one way, in milliseconds. */
  readonly oneWayMs: readonly (readonly number[])[];
  /** The instances of each region that was given some; everyone else lives in the regions in turn. */
  readonly groups: readonly { readonly region: number; readonly group: readonly InstanceRange[] }[];
}

/** A matrix, or what is wrong with it, and in which line. */
type ParsedMatrix =
  | Extract<Parsed<Pick<RegionPlan, 'names' | 'oneWayMs'>>, { readonly ok: true }>
  | (Refusal & { readonly line: number });

const MATRIX_FORM = 'write a line ",north,south" and a line "north,1,80" for each region, with milliseconds one way';

/** Reads a matrix: the regions in the first line, and for each a line with its name and its latencies to all. */
export function parseMatrix(text: string): ParsedMatrix {
  const lines = text.split('\n').map((line) => line.split(',').map((cell) => cell.trim()));
  while (lines.at(-1)?.join('') === '') lines.pop();
  const [, ...names] = lines[0] ?? [];
  if (names.length === 0 || names.includes('') || new Set(names).size < names.length)
    return { ok: false, message: 'the first line does not name regions, each once', hint: MATRIX_FORM, line: 1 };
  const oneWayMs: number[][] = [];
  for (const [index, [name = '', ...cells]] of lines.slice(1).entries()) {
    const line = index + 2;
    const expected = names[index];
    if (name !== expected)
      return {
        ok: false,
        message: `the line is for "${name}", and not for "${expected ?? 'nobody'}"`,
        hint: MATRIX_FORM,
        line,
      };
    if (cells.length !== names.length)
      return { ok: false, message: `${cells.length} latencies for ${names.length} regions`, hint: MATRIX_FORM, line };
    const wrong = cells.findIndex((cell) => cell === '' || !(Number(cell) >= LATENCY_MIN_MS));
    if (wrong >= 0) {
      const message = `the latency to ${names[wrong] ?? ''} is "${cells[wrong] ?? ''}"`;
      return { ok: false, message, hint: `expected milliseconds, ${LATENCY_MIN_MS} at least`, line };
    }
    oneWayMs.push(cells.map(Number));
  }
  if (oneWayMs.length < names.length) {
    const message = `the line of "${names[oneWayMs.length] ?? ''}" is missing`;
    return { ok: false, message, hint: MATRIX_FORM, line: lines.length };
  }
  return { ok: true, value: { names, oneWayMs } };
}

const GROUP = /\s*([^\s{},]+)\s*\{([^{}]*)\}\s*(?:,|$)/y;
const GROUPS_FORM = 'write north {1-10}, south {11-20}';

/** Reads who lives where: `north {1-10}, south {11-20}`. */
export function parseRegions(
  text: string,
  names: readonly string[],
  instanceCount: number,
): Parsed<RegionPlan['groups']> {
  const groups: { region: number; group: readonly InstanceRange[] }[] = [];
  GROUP.lastIndex = 0;
  while (GROUP.lastIndex < text.length) {
    const match = GROUP.exec(text);
    if (match === null) return { ok: false, message: `"${text}" is no list of regions`, hint: GROUPS_FORM };
    const [, name = '', spec = ''] = match;
    const region = names.indexOf(name);
    if (region < 0)
      return {
        ok: false,
        message: `there is no region "${name}"${didYouMean(name, names)}`,
        hint: `expected ${names.join(', ')}`,
      };
    const result = parsePeerSpec(spec, instanceCount);
    const problem = result.ok ? result.warnings[0] : result.problem;
    if (!result.ok || problem !== undefined)
      return { ok: false, message: problem?.message ?? spec, hint: `instances are from 1 to ${instanceCount}` };
    const group = rangesOf(result.peers, instanceCount);
    for (const each of groups) {
      const twice = firstInBoth(each.group, group);
      if (twice !== undefined) return { ok: false, message: `instance ${twice} is in two regions`, hint: GROUPS_FORM };
    }
    groups.push({ region, group });
  }
  return { ok: true, value: groups };
}

/** The latencies of a plan, as each pair of entities has them. */
export class Regions {
  readonly #plan: RegionPlan;
  readonly #regions = new Map<number, number>();

  constructor(plan: RegionPlan) {
    this.#plan = plan;
  }

  /** One way, in milliseconds. */
  latencyMs(source: number, target: number): number {
    return this.#plan.oneWayMs[this.#regionOf(source)]?.[this.#regionOf(target)] ?? LATENCY_MIN_MS;
  }

  /** Trackers are in the first region. */
  #regionOf(entity: number): number {
    if (entity <= 0) return 0;
    let region = this.#regions.get(entity);
    if (region === undefined) {
      const given = this.#plan.groups.find(({ group }) => isInRanges(group, entity));
      region = given?.region ?? (entity - 1) % this.#plan.names.length;
      this.#regions.set(entity, region);
    }
    return region;
  }
}
