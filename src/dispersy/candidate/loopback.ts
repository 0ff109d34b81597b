import { NO_ADDRESS } from '../../network/address.js';
import { Candidate } from './candidate.js';

/** The candidate of messages that were created here or read from the store. */
export const LOOPBACK = new Candidate(NO_ADDRESS);
