import type { Clock } from '../../runtime/clock.js';

/** Node's own, before any module could replace it. */
const RealDate = Date;

/** `Date` whose present is the experiment's. Dates made by it are dates for everyone, and the other way round. */
export function virtualDate(clock: Clock): DateConstructor {
  const nowMs = () => Math.floor(clock.wallMs());
  return new Proxy(RealDate, {
    apply: () => new RealDate(nowMs()).toString(),
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [nowMs()] : args, newTarget) as object,
    get: (target, name, receiver) => (name === 'now' ? nowMs : (Reflect.get(target, name, receiver) as unknown)),
  });
}
