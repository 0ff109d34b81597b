import type { SocketFigures } from '../../network/socket-figures.js';
import type { OwnAddresses } from '../candidate/own-addresses.js';
import { BoundedCounter } from './bounded-counter.js';

/** How many reasons of drops are counted apart; the stack has some thirty itself, the rest is for the checks of communities. */
const DROP_REASONS_MAX = 100;
/** How many candidates' failed walks are counted apart: as many as a community knows. */
const WALK_FAIL_CANDIDATES_MAX = 1024;

export interface DispersyStatisticsComponents {
  readonly ownAddresses: OwnAddresses;
  /** The figures of the socket; undefined when there is no socket. */
  readonly socketFigures: Pick<SocketFigures, 'sendQueueLength'> | undefined;
}

/** The statistics of an instance's whole overlay stack since its start or the last reset. */
export class DispersyStatistics {
  receivedCount = 0;
  /** Packets that were accepted and handled. With `drops` and the packets that still wait they add up to `receivedCount`. */
  successCount = 0;
  readonly drops = new BoundedCounter(DROP_REASONS_MAX);
  delayCount = 0;
  delaySuccess = 0;
  delayTimeout = 0;
  /** Requests that were sent for something missing. */
  delaySend = 0;
  createdCount = 0;
  totalSend = 0;
  /** Bytes. */
  totalUp = 0;
  /** Bytes. */
  totalDown = 0;
  walkAttempt = 0;
  walkSuccess = 0;
  readonly walkFail = new BoundedCounter(WALK_FAIL_CANDIDATES_MAX);
  incomingIntro = 0;
  invalidResponseIdentifier = 0;
  totalCandidatesDiscovered = 0;
  /** Answers that were not sent because this second's share of their kind was used up; see `community/answers.ts`. */
  answersWithheld = 0;
  /** Asynchronous handlers that failed after their message was counted as a success. */
  handlerErrors = 0;

  readonly #components: DispersyStatisticsComponents;

  constructor(components: DispersyStatisticsComponents) {
    this.#components = components;
  }

  reset(): void {
    this.receivedCount = this.successCount = this.delayCount = this.delaySuccess = this.delayTimeout = 0;
    this.delaySend = this.createdCount = this.totalSend = this.totalUp = this.totalDown = 0;
    this.walkAttempt = this.walkSuccess = this.incomingIntro = this.invalidResponseIdentifier = 0;
    this.totalCandidatesDiscovered = this.answersWithheld = this.handlerErrors = 0;
    this.drops.reset();
    this.walkFail.reset();
  }

  /** The values under the names that Dispersy's logs use. */
  toJSON() {
    const { ownAddresses, socketFigures } = this.#components;
    const sendQueueLength = socketFigures?.sendQueueLength;
    return {
      conn_type: ownAddresses.connectionType,
      received_count: this.receivedCount,
      success_count: this.successCount,
      drop_count: this.drops.total,
      drop: this.drops.toJSON(),
      delay_count: this.delayCount,
      delay_success: this.delaySuccess,
      delay_timeout: this.delayTimeout,
      delay_send: this.delaySend,
      created_count: this.createdCount,
      total_up: this.totalUp,
      total_down: this.totalDown,
      total_send: this.totalSend,
      ...(sendQueueLength === undefined ? {} : { cur_sendqueue: sendQueueLength }),
      total_candidates_discovered: this.totalCandidatesDiscovered,
      walk_attempt: this.walkAttempt,
      walk_success: this.walkSuccess,
      walk_fail: this.walkFail.toJSON(),
      incoming_intro: this.incomingIntro,
      invalid_response_identifier: this.invalidResponseIdentifier,
      answers_withheld: this.answersWithheld,
      handler_errors: this.handlerErrors,
    };
  }
}
