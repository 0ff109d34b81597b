import type { Diagnostic } from '../../runtime/diagnostic.js';
import type { ModuleReference } from '../../scenario/module-reference.js';

/** A complaint about a module, at the scenario's line that names it. */
export function moduleComplaint(
  { place }: ModuleReference,
  message: string,
  hint?: string,
  severity: Diagnostic['severity'] = 'error',
): Diagnostic {
  return { severity, message, ...place, ...(hint === undefined ? {} : { hint }) };
}
