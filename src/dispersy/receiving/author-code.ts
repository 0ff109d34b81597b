import type { CommunityContext } from '../contract/community-context.js';
import type { Effects } from '../contract/effects.js';
import type { ReceivedMessage } from '../message/message.js';

/** Calls what the author of a community wrote, and keeps whatever it throws away from the socket. */
export class AuthorCode implements Effects {
  readonly #context: Pick<CommunityContext, 'statistics' | 'logger'>;
  /** What failed before, so that each place is logged once. */
  readonly #logged = new Set<string>();

  constructor(context: Pick<CommunityContext, 'statistics' | 'logger'>) {
    this.#context = context;
  }

  /**
   * Hands accepted messages of one kind to their handler, also those that were created here.
   * @returns the messages whose handling went well, as far as one knows by now
   */
  handle(messages: readonly ReceivedMessage[]): readonly ReceivedMessage[] {
    const [first] = messages;
    if (first === undefined) return messages;
    const { meta } = first;
    if (!meta.handlesBatches) return messages.filter((message) => this.#guard(meta.name, () => meta.handle(message)));
    return this.#guard(meta.name, () => meta.handleBatch(messages)) ? messages : [];
  }

  redo(message: ReceivedMessage): void {
    this.handle([message]);
  }

  takeBack(message: ReceivedMessage): void {
    const { meta } = message;
    this.#guard(meta.name, () => meta.undo(message));
  }

  /** @param name - of the kind of message whose code failed */
  logOnce(name: string, error: unknown): void {
    if (this.#logged.has(name)) return;
    this.#logged.add(name);
    this.#context.logger.error(`receiving "${name}" failed (further times are only counted)`, error);
  }

  /** @returns whether it went well, as far as one knows by now. */
  #guard(name: string, call: () => void | Promise<void>): boolean {
    try {
      const handled = call();
      if (handled instanceof Promise)
        handled.catch((error: unknown) => {
          this.#context.statistics.handlerErrors++;
          this.logOnce(name, error);
        });
      return true;
    } catch (error) {
      this.logOnce(name, error);
      return false;
    }
  }
}
