#!/usr/bin/env node
import { endBlocked } from './end-blocked.js';
import { createProgram } from './program.js';
import { tolerateLostOutput } from './standard-streams.js';

// The exit code of a run tells how the run ended, whether or not its output was read.
tolerateLostOutput({ isProduct: process.argv[2] !== 'run' });
const program = await createProgram(process.argv[2]);
await program.parseAsync();
endBlocked();
