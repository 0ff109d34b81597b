// Writes the scenario of this experiment for any number of instances:
//
//   node experiments/allchannel/generate-scenario.mjs [INSTANCES [SECONDS [SETTLE_SECONDS]]] > allchannel.scenario
//
// A hundredth of the instances, three at least, create channels; everyone else joins two of them at moments within the given seconds, and
// some post in one. The creators publish meanwhile. Some time later everyone holds all that was said in its channels, or fails.
const [instanceText = '300', secondsText = '150', settleText = '80'] = process.argv.slice(2);
const instances = Number(instanceText);
const seconds = Number(secondsText);
const settleSeconds = Number(settleText);
if (!Number.isInteger(instances) || instances < 4 || !(seconds >= 10) || !(settleSeconds > 0)) {
  console.error('give at least 4 instances and 10 seconds');
  process.exit(2);
}

// Knuth's constants for a linear congruential generator: chance that is the same everywhere.
let state = 20n;
function chance() {
  state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
  return Number(state >> 11n) / 2 ** 53;
}

/** Everyone does everything at a moment of its own: hundreds at the same moment would wait for the cores, and be late. */
const START_S = 1;
const CREATE_S = 16;
const JOIN_S = 20;
const CHECK_DURATION_S = 10;
const STOP_DURATION_S = 8;
const PUBLICATIONS = 5;
/** The share of those who join that posts as well; in a large experiment fewer do, for everyone gets what they say. */
const POSTING_SHARE = Math.min(0.25, 150 / instances);

const channelCount = Math.max(3, Math.round(instances / 100));
const channels = Array.from({ length: channelCount }, (_, index) => ({
  creator: index + 1,
  torrents: 0,
  posts: 0,
  members: [index + 1],
}));
const events = [];
const at = (time, command, peer) => events.push({ time: Number(time.toFixed(1)), command, peer });

for (const channel of channels) {
  at(CREATE_S + chance(), 'create', channel.creator);
  for (let round = 0; round < PUBLICATIONS; round++) {
    const count = 1 + Math.floor(4 * chance());
    channel.torrents += count;
    at(JOIN_S + seconds * chance(), `publish ${count}`, channel.creator);
  }
}
for (let peer = channelCount + 1; peer <= instances; peer++) {
  const first = Math.floor(channelCount * chance());
  const second = (first + 1 + Math.floor((channelCount - 1) * chance())) % channelCount;
  for (const channel of [channels[first], channels[second]]) {
    channel.members.push(peer);
    at(JOIN_S + seconds * chance(), `join ${channel.creator}`, peer);
  }
  if (chance() > POSTING_SHARE) continue;
  channels[first].posts++;
  const joinedS = events.at(-2).time;
  at(joinedS + (JOIN_S + seconds - joinedS) * chance(), `post ${channels[first].creator}`, peer);
}
events.sort((one, other) => one.time - other.time || one.peer - other.peer);

const checkS = JOIN_S + seconds + settleSeconds;
const checkedS = checkS + CHECK_DURATION_S;
const stoppedS = checkedS + 1 + STOP_DURATION_S;
const lines = [
  '## allchannel.scenario ##',
  `# Written by generate-scenario.mjs for ${instances} instances, ${seconds} seconds, and ${settleSeconds} to settle`,
  '&module gumby.modules.dispersy_module.DispersyModule',
  '&module experiments.allchannel.allchannel_module.AllChannelModule',
  '',
  '# Nobody outside this run hears us',
  '@0 isolate_community AllChannelCommunity',
  `@${START_S}-${CREATE_S - 1} start_session`,
  '',
  ...events.map(({ time, command, peer }) => `@${time} ${command} {${peer}}`),
  '',
  '# Whoever is in a channel holds all that was said in it',
  `@${JOIN_S + seconds} annotate everything-is-said {1}`,
  ...channels.map(
    ({ creator, torrents, posts, members }) =>
      `@${checkS}-${checkedS} check_channel ${creator} ${torrents} ${posts} {${members.join(',')}}`,
  ),
  '',
  `@${checkedS + 1}-${stoppedS} stop_session`,
  `@${stoppedS + 1} stop`,
];
process.stdout.write(lines.join('\n') + '\n');
