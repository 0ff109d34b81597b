import type { NatPlan } from '../network/nat/nat-plan.js';
import { NAT_TIMEOUT_MIN_MS } from '../network/nat/nat-settings.js';
import { parseNats } from '../network/nat/parse-nats.js';
import type { OptionReader } from './option-reader.js';

/** The NATs of a run, as a configuration tells them. */
export type NatConfig = Omit<NatPlan, 'later' | 'areExchanged'>;

/** Reads the options of NATs. */
export function readNats(reader: OptionReader, instanceCount: number): NatConfig {
  // Groups have commas of their own.
  const text = reader.whole('nat');
  const result = parseNats(text, instanceCount);
  if (!result.ok) reader.complain('nat', `nat is "${text}": ${result.message}`, result.hint);
  const timeoutMs = reader.milliseconds('nat_timeout');
  if (timeoutMs < NAT_TIMEOUT_MIN_MS)
    reader.complain('nat_timeout', `nat_timeout is "${reader.text('nat_timeout')}"`, 'expected 1 second at least');
  return {
    settings: {
      timeoutMs,
      refreshesInbound: reader.choice('nat_refresh') === 'both',
      hairpins: reader.choice('nat_hairpinning') === 'on',
    },
    // Without a NAT an instance is as it is when nothing is said of it.
    assignments: result.ok ? result.value.filter(({ type }) => type !== 'none') : [],
  };
}
