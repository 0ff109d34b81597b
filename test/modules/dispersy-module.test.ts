import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { gumby } from '../support/gumby-cli.js';
import { writeExperiment } from '../support/experiment-files.js';

/** A community with one synced message, and a command to create one. */
const MODULE = `
import {
  Community,
  type CommunityClass,
  communityDestination,
  DefaultConversion,
  type Experiment,
  experimentCallback,
  fullSyncDistribution,
  memberAuthentication,
  MetaMessage,
  publicResolution,
  staticModule,
  struct,
  utf8,
} from 'gumby';
import { CommunityLauncher } from 'gumby/modules/community_launcher.js';
import { DispersyCommunityExperimentModule } from 'gumby/modules/dispersy_community_experiment_module.js';

class NoteCommunity extends Community {
  override readonly enableFastCandidateWalker = true;
  readonly texts: string[] = [];
  readonly note = new MetaMessage({
    id: 1,
    name: 'note',
    authentication: memberAuthentication(),
    resolution: publicResolution(),
    distribution: fullSyncDistribution(),
    destination: communityDestination(2),
    payload: struct({ text: utf8 }),
    handle: ({ payload }) => void this.texts.push(payload.text),
  });
  override initiateConversions() {
    return [new DefaultConversion(this)];
  }
  override initiateMetaMessages() {
    return [this.note];
  }
}

class NoteLauncher extends CommunityLauncher {
  override getCommunityClass(): CommunityClass {
    return NoteCommunity;
  }
}

@staticModule
export class NoteModule extends DispersyCommunityExperimentModule<NoteCommunity> {
  constructor(experiment: Experiment) {
    super(experiment, NoteCommunity);
    this.dispersyProvider.customCommunityLoader.setLauncher(new NoteLauncher());
  }

  /** Creates a note. */
  @experimentCallback
  note(text: string): void {
    this.community.create(this.community.note, { text });
  }

  /** Prints all that is known. */
  @experimentCallback
  showNotes(): void {
    console.log(this.community.texts.sort().join(' '), this.community.store.size >= this.community.texts.length);
  }

  /** Prints where the socket is. */
  @experimentCallback
  showPort(): void {
    console.log('port', this.experiment.endpoint.address?.port ?? 'closed');
  }

  /** Prints whether the public key of another instance is that of a candidate. */
  @experimentCallback
  async showMember(peer: string): Promise<void> {
    const member = this.memberOf(Number(peer));
    console.log('knows', this.community.candidates.byMember(member)?.port === this.addressOf(Number(peer)).port);
  }
}
`;

async function run(
  t: ExecutionContext,
  scenario: readonly string[],
  conf = 'instances = 3',
  env: Readonly<Record<string, string | undefined>> = {},
) {
  const modules = [
    '&module gumby.modules.dispersy_module.DispersyModule',
    '&module gumby.modules.churn_module.ChurnModule',
    '&module test_module.NoteModule',
  ];
  const experiment = { conf, scenario: [...modules, ...scenario].join('\n'), module: MODULE };
  const { conf: file, output, directory } = await writeExperiment(t, experiment);
  const ran = await gumby(['run', file], { cwd: directory, env });
  return { ...ran, output, read: (name: string) => readFile(join(output, name), 'utf8') };
}

const STATISTICS_KEYS = [
  'statistics',
  'statistics-successful-messages',
  'statistics-outgoing-messages',
  'statistics-created-messages',
  'statistics-endpoint-recv',
  'statistics-endpoint-send',
];

test('messages are synced to everyone, and the statistics that changed are written every 5 s', async (t) => {
  const ran = await run(t, [
    '@0 isolate_dispersy_community NoteCommunity',
    '@0.5 start_session',
    '@1 introduce_peers {2,3}',
    '@1.5 note one {1}',
    '@1.5 note two {2}',
    '@7 note three {3}',
    '@9 show_notes',
    '@9 show_member 2 {3}',
    '@11.5 stop',
  ]);
  t.is(ran.exitCode, 0, ran.stdout + ran.stderr);
  for (const id of [1, 2, 3]) {
    t.is((await ran.read(`0000${id}.out`)).split('\n')[0], 'one three two true');
    const lines = (await ran.read(`${id}/statistics.log`)).trim().split('\n');
    const entries = lines.map((line) => {
      const [seconds, instance, key, ...json] = line.split(' ');
      t.regex(seconds ?? '', /^\d+\.\d{3}$/);
      t.is(instance, String(id));
      return { seconds: Number(seconds), key, value: JSON.parse(json.join(' ')) as Record<string, unknown> };
    });
    for (const key of STATISTICS_KEYS)
      t.true(
        entries.some((entry) => entry.key === key),
        key,
      );
    const [first, second] = entries.filter(({ key }) => key === 'statistics');
    t.is(typeof first?.value['received_count'], 'number');
    t.is(first?.value['conn_type'], 'unknown');
    t.true((second?.seconds ?? 0) - (first?.seconds ?? 0) >= 4.5);
    // Only what changed.
    t.false('conn_type' in (second?.value ?? {}));
    const created = entries.find(({ key }) => key === 'statistics-created-messages');
    t.is(created?.value['note'], id === 3 ? undefined : 1);
  }
  t.is((await ran.read('00003.out')).split('\n')[1], 'knows true');
});

test('a reset of the statistics takes nothing from what the run is measured by', async (t) => {
  const ran = await run(
    t,
    [
      '@0.5 start_session',
      '@1 introduce_peers',
      '@1.5 note one {1}',
      '@3 reset_dispersy_statistics',
      '@3.5 note two {2}',
      '@6 stop',
    ],
    'instances = 3\nreport = tables',
    { GUMBY_REPORT: undefined },
  );
  t.is(ran.exitCode, 0, ran.stdout + ran.stderr);
  t.notRegex(ran.stdout, /-\d+ datagrams/);
  const rows = (await ran.read('resources.csv'))
    .trim()
    .split('\n')
    .map((row) => row.split(','));
  for (const column of ['datagrams_up', 'datagrams_down', 'bytes_up', 'bytes_down'])
    for (const id of ['1', '2', '3']) {
      const counts = rows.filter((row) => row[1] === id).map((row) => Number(row[(rows[0] ?? []).indexOf(column)]));
      t.deepEqual(
        counts,
        counts.toSorted((one, other) => one - other),
        `${column} of ${id}`,
      );
      t.true((counts.at(-1) ?? 0) > 0);
    }
  // The log has what was counted until the reset, the zero, and what came after it.
  let created = 0;
  for (const id of [1, 2]) {
    const log = (await ran.read(`${id}/statistics.log`))
      .trim()
      .split('\n')
      .map((line) => line.split(' '));
    const told = log.filter(([, , key]) => key === 'statistics-created-messages').map(([, , , json = '']) => json);
    const notes = told.flatMap((json) => (JSON.parse(json) as { readonly note?: number }).note ?? []);
    t.deepEqual(notes, id === 1 ? [1, 0] : [1]);
    created += notes.filter((count) => count > 0).length;
  }
  const table = (await ran.read('data/messages-created.tidy.csv')).split('\n').map((row) => row.split(','));
  const rates = table.filter(([, line]) => line === 'note').map(([, , , value]) => Number(value));
  t.true(rates.every((rate) => rate >= 0));
  t.true(Math.abs(rates.slice(0, 6).reduce((sum, rate) => sum + rate, 0) - created) < 0.05, String(rates));
});

test('crypto and store are chosen before the session starts; trackers take theirs from the configuration', async (t) => {
  const ran = await run(
    t,
    [
      '@0 set_dispersy_crypto NoCrypto',
      '@0 set_dispersy_store sqlite {1}',
      '@0.5 start_session',
      '@1 note one {1}',
      '@7.5 show_notes',
      '@8 stop',
    ],
    'instances = 3\ntracker_cmd = run_tracker.sh\ntracker_crypto = NoCrypto',
  );
  t.is(ran.exitCode, 0, ran.stdout + ran.stderr);
  // They met through the trackers alone, which would have dropped signatures that are none.
  for (const id of [1, 2, 3]) t.is(await ran.read(`0000${id}.out`), 'one true\n');
  t.true(existsSync(join(ran.output, '1/dispersy.db')));
  t.false(existsSync(join(ran.output, '2/dispersy.db')));
});

test('what comes after the start of the session, or names nothing, is an error at its line', async (t) => {
  const ran = await run(
    t,
    [
      '@0 start_session',
      '@0.5 set_dispersy_crypto NoCrypto',
      '@0.5 set_dispersy_port 20000',
      '@0.5 set_dispersy_store sqlite',
      '@0.5 isolate_dispersy_community NoteCommunity',
      '@1 stop',
    ],
    'instances = 1',
  );
  t.is(ran.exitCode, 1);
  const errors = await ran.read('00001.err');
  for (const command of [
    'set_dispersy_crypto NoCrypto',
    'set_dispersy_port 20000',
    'set_dispersy_store sqlite',
    'isolate_dispersy_community NoteCommunity',
  ])
    t.regex(errors, new RegExp(`${command} comes too late: the session is started already`));
  t.regex(errors, /test\.scenario:5/);
});

test('a port can be chosen; offline closes the socket, and online opens it where it was', async (t) => {
  const ran = await run(
    t,
    [
      '@0 set_dispersy_port 29871',
      '@0.2 show_port',
      '@0.4 start_session',
      '@0.6 offline',
      '@0.8 show_port',
      '@1 online',
      '@1.2 show_port',
      '@1.4 churn_pattern 0,100 0.5',
      '@1.6 show_port',
      '@2.2 show_port',
      '@2.4 churn fixed 0.4 0.1',
      '@3 show_port',
      '@3.4 show_port',
      '@3.5 stop_churn',
      '@3.7 show_port',
      '@4 stop',
    ],
    'instances = 1',
  );
  t.is(ran.exitCode, 0, ran.stdout + ran.stderr);
  const ports = (await ran.read('00001.out')).trim().split('\n');
  const expected = ['29871', 'closed', '29871', 'closed', '29871', 'closed', '29871', '29871'];
  t.deepEqual(
    ports,
    expected.map((port) => `port ${port}`),
  );
  const switches = (await ran.read('1/statistics.log')).split('\n').filter((line) => / online /.test(line));
  t.deepEqual(
    switches.slice(0, 4).map((line) => line.split(' ').at(-1)),
    ['false', 'true', 'false', 'true'],
  );
});
