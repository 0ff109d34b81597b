import type { LifecycleStep } from '../../scenario/lifecycle-commands.js';
import type { AllVars } from '../../protocol/instance-protocol.js';
import type { ServerVars } from '../../protocol/variables.js';
import type { Clock, Timer } from '../../runtime/clock.js';
import type { ExperimentTime } from '../time/experiment-time.js';
import type { InstanceActor } from './instance-actor.js';

export interface LifecycleInit {
  /** In order of time. */
  readonly steps: readonly LifecycleStep[];
  readonly instances: readonly InstanceActor[];
  /** What every instance was told when all started. */
  readonly variables: { readonly allVars: AllVars; readonly serverVars: ServerVars };
  /** GO, on the experiment's clock. */
  readonly startMs: number;
}

export interface LifecycleComponents {
  /** The experiment's clock. */
  readonly clock: Clock;
  readonly time: Pick<ExperimentTime, 'expect' | 'isVirtual'>;
  /** Is called before an instance is started again: what the one before it has measured is looked at for the last time. */
  readonly beforeRestart: () => void;
  /** Is told what could not be done, because the instance had ended otherwise. */
  readonly onNote: (message: string) => void;
}

/** Ends instances and starts them again, at the moments that the scenario says. */
export class Lifecycle {
  readonly #init: LifecycleInit;
  readonly #components: LifecycleComponents;
  readonly #byId: ReadonlyMap<number, InstanceActor>;
  #next = 0;
  #timer: Timer | undefined;

  constructor(init: LifecycleInit, components: LifecycleComponents) {
    this.#init = init;
    this.#components = components;
    this.#byId = new Map(init.instances.map((instance) => [instance.id, instance]));
    this.#wait();
  }

  /** Does nothing further. */
  stop(): void {
    this.#timer?.cancel();
  }

  #wait(): void {
    const step = this.#init.steps[this.#next];
    if (step === undefined) return;
    const { clock } = this.#components;
    const delayMs = this.#init.startMs + step.timeMs - clock.nowMs();
    this.#timer = clock.schedule(delayMs, () => {
      this.#next++;
      this.#take(step);
      this.#wait();
    });
  }

  #take(step: LifecycleStep): void {
    const { beforeRestart, onNote } = this.#components;
    if (step.type === 'restart') beforeRestart();
    for (const id of step.instances) {
      const instance = this.#byId.get(id);
      if (instance === undefined) continue;
      if (instance.state !== (step.type === 'crash' ? 'running' : 'crashed')) {
        const what = step.type === 'crash' ? 'did not crash' : 'was not started again';
        onNote(`instance ${id} ${what} at ${step.timeMs / 1000} s: it had ended before`);
      } else if (step.type === 'crash') this.#crash(instance);
      else void this.#restart(instance, step.files === 'kept');
    }
  }

  async #restart(instance: InstanceActor, keepsFiles: boolean): Promise<void> {
    const { time } = this.#components;
    const { variables, startMs } = this.#init;
    // In real time a thread takes a while to end. In virtual time whatever is asked is asked at this very moment.
    if (!time.isVirtual) await instance.crashed;
    // The failure of an instance is recorded where it fails.
    await instance.restart({ ...variables, startMs, keepsFiles }).catch(() => undefined);
    time.expect(-1);
  }

  #crash(instance: InstanceActor): void {
    const startsAgain = this.#init.steps.slice(this.#next).some(({ instances }) => instances.includes(instance.id));
    if (startsAgain) this.#components.time.expect(1);
    instance.crash(startsAgain ? 'for a while' : 'for good');
  }
}
