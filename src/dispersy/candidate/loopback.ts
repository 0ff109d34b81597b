import { NO_ADDRESS } from '../../network/address.js';
import { Candidate } from './candidate.js';

/** Where the messages come from that were created here, or that were read from the store. */
export const LOOPBACK = new Candidate(NO_ADDRESS);
