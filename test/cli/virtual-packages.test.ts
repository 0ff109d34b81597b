import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { writeExperiment } from '../support/experiment-files.js';
import { gumby, REPOSITORY } from '../support/gumby-cli.js';
import { differingFiles, experimentBytes } from '../support/same-bytes.js';

/** A node of BitTorrent's distributed hash table, by a package that knows nothing of this program. */
const MODULE = `
import DHT from 'bittorrent-dht';
import { experimentCallback, ExperimentModule, staticModule } from 'gumby';

const HASH = 'ab'.repeat(20);
const PORT = 20_000;

@staticModule
export class DhtModule extends ExperimentModule {
  #dht: any;

  @experimentCallback
  join(): void {
    const bootstrap = this.myId === 1 ? [] : [\`\${this.allVars[1]!['host']}:\${PORT}\`];
    this.#dht = new DHT({ bootstrap });
    this.#dht.on('peer', (peer: { host: string; port: number }) => console.log(this.experiment.timeS, 'found', peer.host, peer.port));
    this.#dht.listen(PORT);
  }

  @experimentCallback
  announce(): void {
    this.#dht.announce(HASH, 6881, (error?: Error) => console.log(this.experiment.timeS, error?.message ?? 'announced'));
  }

  @experimentCallback
  lookup(): void {
    this.#dht.lookup(HASH, () => console.log(this.experiment.timeS, 'knows', this.#dht.toJSON().nodes.length, 'nodes'));
  }

  override onStop(): void {
    this.#dht?.destroy();
  }
}
`;

test.serial(
  'bittorrent-dht finds peers over the emulated network, unmodified, the same ones in every run',
  async (t) => {
    const outputs: Readonly<Record<string, string>>[] = [];
    for (const perWorker of [10, 5]) {
      const { conf, directory, output } = await writeExperiment(t, {
        conf: 'instances = 10\nclock = virtual\nlink_latency = 50\nseed = dht',
        module: MODULE,
        scenario:
          '&module test_module.DhtModule\n@0-1 join\n@60 announce {2}\n@3600 announce {3}\n@3660 lookup {10}\n@3700 stop',
      });
      await mkdir(join(directory, 'node_modules'));
      await symlink(join(REPOSITORY, 'node_modules/bittorrent-dht'), join(directory, 'node_modules/bittorrent-dht'));
      const ran = await gumby(['run', conf, '--set', `instances_per_worker=${perWorker}`], { cwd: directory });
      t.is(ran.exitCode, 0, ran.stdout + ran.stderr);
      t.false(ran.stdout.includes('warning'), ran.stdout);
      const said = (id: string) => readFile(join(output, `${id}.out`), 'utf8');
      t.regex(await said('00003'), /^\S+ announced$/m);
      const found = await said('00010');
      t.regex(found, /^3660\.\d+ found 198\.18\.0\.3 6881$/m);
      t.regex(found, /^3660\.\d+ knows [2-9] nodes$/m);
      const { 'timeline.jsonl': timeline, ...bytes } = await experimentBytes(output);
      t.truthy(timeline);
      outputs.push(bytes);
    }
    t.deepEqual(differingFiles(outputs[0] ?? {}, outputs[1] ?? {}), []);
  },
);
