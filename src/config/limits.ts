/** The limits that a run has to keep to be valid as an emulation in real time. */
export const LIMITS = {
  event_lateness: {
    unit: 'ms',
    degraded: 100,
    invalid: 1000,
    meaning: '99th percentile of how late scenario events began, in a second',
  },
  timer_lateness: {
    unit: 'ms',
    degraded: 100,
    invalid: 1000,
    meaning: '99th percentile of how late the timers of all instances fired, in a second',
  },
  loop_delay: {
    unit: 'ms',
    degraded: 500,
    invalid: 3000,
    meaning: 'the longest time for which an instance stood still, in a second',
  },
  receive_drops: {
    unit: '%',
    degraded: 0.1,
    invalid: 2,
    meaning: 'share of the datagrams that the kernel dropped because a receive buffer was full, in a second',
  },
  send_errors: {
    unit: '%',
    degraded: 0.1,
    invalid: 2,
    meaning: 'share of the datagrams that the system refused to send, in a second',
  },
  cpu: {
    unit: '%',
    degraded: 90,
    invalid: Infinity,
    meaning: 'share of all cores that this process took, over five seconds',
  },
  gc_pause: {
    unit: 'ms',
    degraded: 200,
    invalid: 2000,
    meaning: 'the longest pause of any instance for garbage collection',
  },
} as const satisfies Readonly<Record<string, Limit & { readonly meaning: string; readonly unit: string }>>;

export type LimitName = keyof typeof LIMITS;

/** A value above `degraded` makes a run DEGRADED, a value above `invalid` makes it INVALID; no value is above `Infinity`. */
export interface Limit {
  readonly degraded: number;
  readonly invalid: number;
}

export type Limits = Readonly<Record<LimitName, Limit>>;

export const LIMIT_NAMES = Object.keys(LIMITS) as readonly LimitName[];

/** A limit that no value breaks. */
export const NO_LIMIT: Limit = { degraded: Infinity, invalid: Infinity };

/** The limits of a run that cannot be late. */
export const NO_LIMITS = Object.fromEntries(LIMIT_NAMES.map((name) => [name, NO_LIMIT])) as Record<LimitName, Limit>;

/** `100, 1000`, as the configuration has it; `none` for a limit that is never reached. */
export function formatLimit({ degraded, invalid }: Limit): string {
  return [degraded, invalid].map((value) => (Number.isFinite(value) ? String(value) : 'none')).join(', ');
}

/** @returns undefined when the text is no pair of limits, the lower one first */
export function parseLimit(text: string): Limit | undefined {
  const parts = text.split(',').map((part) => part.trim());
  const [degraded = Number.NaN, invalid = Number.NaN] = parts.map((part) =>
    part.toLowerCase() === 'none' ? Infinity : part === '' ? Number.NaN : Number(part),
  );
  return parts.length === 2 && degraded >= 0 && invalid >= degraded ? { degraded, invalid } : undefined;
}
