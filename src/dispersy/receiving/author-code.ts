import type { CommunityContext } from '../contract/community-context.js';
import type { Effects } from '../contract/effects.js';
import type { ReceivedMessage } from '../message/message.js';

/** Calls code that the author of a community wrote, and keeps its exceptions away from the socket. */
export class AuthorCode implements Effects {
  readonly #context: Pick<CommunityContext, 'statistics' | 'logger'>;
  /** The names of code that failed before, so that each is logged once. */
  readonly #logged = new Set<string>();

  constructor(context: Pick<CommunityContext, 'statistics' | 'logger'>) {
    this.#context = context;
  }

  /**
   * Hands accepted messages of one kind to their handler, also those that were created here. @returns the messages
   * whose handling has not failed so far
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

  /** @param name - the kind of message whose code failed */
  logOnce(name: string, error: unknown): void {
    if (this.#logged.has(name)) return;
    this.#logged.add(name);
    this.#context.logger.error(`receiving "${name}" failed (further times are only counted)`, error);
  }

  /** Calls code of the author. @returns whether it has not failed so far */
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
