import type { Experiment } from './experiment.js';
import type { ExperimentModule } from './experiment-module.js';

/** A class of experiment modules that can be made from an experiment alone. */
export type ExperimentModuleClass = new (experiment: Experiment) => ExperimentModule;

/** Marks a class of which one instance is made when a scenario loads it. Base classes stay unmarked. */
export function staticModule<C extends ExperimentModuleClass>(
  moduleClass: C,
  _context?: ClassDecoratorContext<C>,
): void {
  staticModules.add(moduleClass);
}

/** A subclass of a static module is not static itself until it is marked. */
export function isStaticModule(value: unknown): value is ExperimentModuleClass {
  return typeof value === 'function' && staticModules.has(value as ExperimentModuleClass);
}

const staticModules = new WeakSet<ExperimentModuleClass>();
