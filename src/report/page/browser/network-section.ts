import {
  type DelayResult,
  type MeetingResult,
  type NetworkResult,
  PACKET_FATES,
} from '../../../output/record/network-result.js';
import { element, formatNumber, section } from './element.js';

/** What the network did: what became of packets, and who met whom across NATs. */
export function networkSection(network: NetworkResult | undefined): readonly HTMLElement[] {
  if (network === undefined) return [];
  const { packets, delays, meetings } = network;
  const fates = PACKET_FATES.flatMap(({ fate, meaning }) => {
    const count = packets[fate] ?? 0;
    return count === 0 ? [] : [fact(count, meaning)];
  });
  const facts = [fact(packets.sent, 'packets sent'), ...fates];
  return [
    section(
      'network',
      'Network',
      element('ul', { class: 'facts' }, ...facts),
      ...(delays === undefined ? [] : delayTable(delays)),
      ...(meetings.length === 0 ? [] : meetingTable(meetings)),
    ),
  ];
}

function fact(count: number, meaning: string): HTMLElement {
  return element('li', {}, element('b', {}, formatNumber(count)), element('span', {}, meaning));
}

const DELAY_COLUMNS = [
  ['packets', ({ count }: DelayResult) => formatNumber(count)],
  ['mean', ({ mean }: DelayResult) => milliseconds(mean)],
  ['least', ({ min }: DelayResult) => milliseconds(min)],
  ['5 %', ({ p5 }: DelayResult) => milliseconds(p5)],
  ['median', ({ median }: DelayResult) => milliseconds(median)],
  ['95 %', ({ p95 }: DelayResult) => milliseconds(p95)],
  ['most', ({ max }: DelayResult) => milliseconds(max)],
] as const;

/** What links were to be like, and what packets met. */
function delayTable({ asked, measured }: NonNullable<NetworkResult['delays']>): readonly HTMLElement[] {
  const rowOf = (name: string, delays: DelayResult) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, name),
      ...DELAY_COLUMNS.map(([, valueOf]) => element('td', {}, valueOf(delays))),
    );
  return [
    element('h3', {}, 'Latency one way (ms)'),
    element(
      'p',
      { class: 'faint' },
      'Asked for: what the links of all packets say. Measured: what packets took until they arrived – over sockets of the system, until they left –, with what they waited for bandwidth and, in real time, for the machine. Quantiles are right within 1.1 %.',
    ),
    element(
      'div',
      { class: 'scroll' },
      element(
        'table',
        { id: 'latency' },
        element(
          'thead',
          {},
          element(
            'tr',
            {},
            ...['', ...DELAY_COLUMNS.map(([name]) => name)].map((name) => element('th', { scope: 'col' }, name)),
          ),
        ),
        element(
          'tbody',
          {},
          rowOf('asked for', asked),
          ...(measured === undefined ? [] : [rowOf('measured', measured)]),
        ),
      ),
    ),
  ];
}

function milliseconds(value: number): string {
  return value.toFixed(value < 10 ? 2 : 1);
}

/** A row for each NAT of who tried, a column for each NAT of whom. */
function meetingTable(meetings: readonly MeetingResult[]): readonly HTMLElement[] {
  const rows = distinct(meetings.map(({ nat }) => nat));
  const columns = distinct(meetings.map(({ otherNat }) => otherNat));
  const cellOf = (nat: string, otherNat: string): HTMLElement => {
    const found = meetings.find((each) => each.nat === nat && each.otherNat === otherNat);
    if (found === undefined) return element('td', {}, '–');
    const { tried, met } = found;
    return element('td', {}, `${formatNumber(met)} of ${formatNumber(tried)} (${Math.round((100 * met) / tried)} %)`);
  };
  return [
    element('h3', {}, 'Meetings across NATs'),
    element(
      'p',
      { class: 'faint' },
      'Of the pairs in which a peer with the NAT of the row sent something to a peer with the NAT of the column: how many heard from the other, too.',
    ),
    element(
      'div',
      { class: 'scroll' },
      element(
        'table',
        { id: 'meetings' },
        element(
          'thead',
          {},
          element(
            'tr',
            {},
            element('th', { scope: 'col' }, 'NAT'),
            ...columns.map((name) => element('th', { scope: 'col' }, name)),
          ),
        ),
        element(
          'tbody',
          {},
          ...rows.map((nat) =>
            element(
              'tr',
              {},
              element('th', { scope: 'row' }, nat),
              ...columns.map((otherNat) => cellOf(nat, otherNat)),
            ),
          ),
        ),
      ),
    ),
  ];
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
