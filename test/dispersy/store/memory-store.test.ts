import { MemoryStore } from '../../../src/dispersy/store/memory-store.js';
import { testCompliance } from './store-compliance.js';

testCompliance('memory', async () => new MemoryStore());
