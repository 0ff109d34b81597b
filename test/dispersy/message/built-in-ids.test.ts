import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { BUILT_IN_IDS, MESSAGE_ID_MAX, OWN_MESSAGE_ID_MAX } from '../../../src/dispersy/message/built-in-ids.js';
import { ManualClock } from '../../../src/runtime/manual-clock.js';
import { NoteCommunity } from '../support/note-community.js';
import { makeSilentDispersy } from '../support/seeded-peers.js';

test('every community has the messages of these ids, and no others above its own', (t) => {
  const community = makeSilentDispersy(t, new ManualClock()).dispersy.loadCommunity(NoteCommunity);
  const builtIn: Readonly<Record<string, number>> = BUILT_IN_IDS;
  const ids = [...community.messages].map(({ meta }) => meta.id).sort((one, other) => one - other);
  t.deepEqual(
    ids,
    Object.values(builtIn).sort((one, other) => one - other),
  );
  t.true(ids.every((id) => id > OWN_MESSAGE_ID_MAX && id <= MESSAGE_ID_MAX));
  for (const { meta } of community.messages) {
    const key = meta.name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    t.is(builtIn[key], meta.id, meta.name);
  }
});

test('the ids stand in one file', (t) => {
  const root = join(import.meta.dirname, '../../../src');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const written = /\b(?:id|ID)\w*\s*(?:[:=]|[<>=!]==?)\s*(?:23[1-9]|24\d|25[0-4])\b/;
  t.regex('const IDENTITY_ID = 248;', written);
  t.regex("id: 246, name: 'introduction-request'", written);
  t.deepEqual(
    files.filter((file) => written.test(readFileSync(join(root, file), 'utf8'))),
    ['dispersy/message/built-in-ids.ts'],
  );
});
