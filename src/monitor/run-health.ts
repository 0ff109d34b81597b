import type { LimitName, Limits } from '../config/limits.js';
import type { BrokenLimit, Validity, Verdict } from '../statistics/verdict.js';

/** One limit's value in one second. */
export interface Measurement {
  readonly name: LimitName;
  readonly value: number;
  readonly unit: string;
  /** The instance for which the value is worst; absent when the limit is a matter of the whole process, or of a thread. */
  readonly instance?: number;
  /** The thread for which the value is worst, where several instances share a thread. */
  readonly thread?: string;
}

interface Broken {
  readonly name: LimitName;
  readonly unit: string;
  readonly firstS: number;
  readonly instance: number | undefined;
  readonly thread: string | undefined;
  readonly seconds: Set<number>;
  worst: number;
}

/** Compares measurements with the limits, second by second. */
export class RunHealth {
  readonly #limits: Limits;
  readonly #broken = new Map<LimitName, Broken>();
  readonly #unwatched = new Set<string>();
  readonly #hints = new Map<string, string>();
  readonly #invalidated: string[] = [];
  #count = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** @param timeS - seconds since GO; measurements from before GO are not judged */
  judge(timeS: number, measurements: readonly Measurement[]): void {
    if (timeS < 0) return;
    this.#count++;
    for (const measurement of measurements) {
      const { name, value, unit, instance, thread } = measurement;
      if (!(value > this.#limits[name].degraded)) continue;
      const broken = this.#broken.get(name) ?? {
        name,
        unit,
        firstS: timeS,
        instance,
        thread,
        seconds: new Set(),
        worst: value,
      };
      broken.worst = Math.max(broken.worst, value);
      broken.seconds.add(Math.floor(timeS));
      this.#broken.set(name, broken);
    }
  }

  /** @param what - the value that this machine does not tell, and why */
  cannotWatch(what: string): void {
    this.#unwatched.add(what);
  }

  /** The run is INVALID, whatever was measured. @param why - a sentence, which is shown as a hint */
  invalidate(why: string): void {
    this.#invalidated.push(why);
  }

  /** @param what - the subject of the hint; there is one hint for each */
  hint(what: string, text: string): void {
    if (!this.#hints.has(what)) this.#hints.set(what, text);
  }

  /** The verdict; undefined when nothing was measured, because the run never began. */
  verdict(): Verdict | undefined {
    if (this.#count === 0) return undefined;
    const broken = [...this.#broken.values()].map((each) => this.#describe(each));
    broken.sort((one, other) => rank(other.validity) - rank(one.validity) || one.firstS - other.firstS);
    const validity = this.#invalidated.length > 0 ? 'INVALID' : (broken[0]?.validity ?? 'VALID');
    const hints = [...this.#invalidated, ...this.#hints.values()];
    return { validity, broken, unwatched: [...this.#unwatched], hints };
  }

  #describe({ name, unit, firstS, instance, thread, seconds, worst }: Broken): BrokenLimit {
    const { degraded, invalid } = this.#limits[name];
    const isInvalid = worst > invalid;
    return {
      name,
      validity: isInvalid ? 'INVALID' : 'DEGRADED',
      limit: isInvalid ? invalid : degraded,
      worst: round(worst),
      unit,
      firstS: round(firstS),
      seconds: [...seconds],
      ...(instance === undefined ? {} : { instance }),
      ...(thread === undefined ? {} : { thread }),
    };
  }
}

function rank(validity: Validity): number {
  return ['VALID', 'DEGRADED', 'INVALID'].indexOf(validity);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
