import {
  type Address,
  type Candidate,
  type Community,
  type CommunityClass,
  type Experiment,
  experimentCallback,
  ExperimentModule,
  GumbyError,
  integer,
  type Member,
  text,
} from 'gumby';
import { DispersyModule } from './dispersy_module.js';

/** The base of modules that test one community. */
export abstract class CommunityExperimentModule<C extends Community = Community> extends ExperimentModule {
  readonly communityClass: CommunityClass<C>;

  constructor(experiment: Experiment, communityClass: CommunityClass<C>) {
    super(experiment);
    this.communityClass = communityClass;
  }

  /**
   * The module that gives the instance its Dispersy.
   * @throws GumbyError SESSION_STATE when the scenario has not loaded one before this module
   */
  get dispersyProvider(): DispersyModule {
    const provider = this.experiment.findModule(DispersyModule);
    if (provider !== undefined) return provider;
    throw new GumbyError(
      'SESSION_STATE',
      `${this.constructor.name} needs a Dispersy: put &module gumby.modules.dispersy_module.DispersyModule above it in the scenario`,
    );
  }

  /**
   * The community under test.
   * @throws GumbyError SESSION_STATE while it is not loaded
   */
  get community(): C {
    const found = this.dispersyProvider.dispersy.communities.find(
      (each): each is C => each instanceof this.communityClass,
    );
    if (found !== undefined) return found;
    throw new GumbyError(
      'SESSION_STATE',
      `${this.communityClass.name} is not loaded: it is from start_session to stop_session`,
    );
  }

  /** Where another instance can be reached. */
  addressOf(peer: number): Address {
    const vars = this.allVars[peer];
    const [host, port] = [vars?.['host'], vars?.['port']];
    if (typeof host !== 'string' || typeof port !== 'number')
      throw new GumbyError(
        'PARAMETER_INVALID',
        `instance ${peer} has published no address (the experiment has ${this.peers.length} instances)`,
      );
    return { host, port };
  }

  /** The member that another instance signs as. */
  memberOf(peer: number): Member {
    const key = this.allVars[peer]?.['public_key'];
    const publicKey = typeof key === 'string' ? Buffer.from(key, 'base64') : undefined;
    const member = publicKey && this.dispersyProvider.dispersy.getMember({ publicKey });
    if (member !== undefined) return member;
    throw new GumbyError('PARAMETER_INVALID', `instance ${peer} has published no public key that can be read`);
  }

  /** Another instance as a candidate of the community, which knows it from now on. */
  candidateOf(peer: number): Candidate {
    const candidate = this.community.addCandidate(this.addressOf(peer));
    candidate.member ??= this.memberOf(peer);
    return candidate;
  }

  /**
   * Tells the community of the other instances, so that its walker can visit them.
   * @param maxPeers - of how many, chosen by chance; 0 for all
   * @param excludedPeers - of whom not, e.g. `1,5`; an instance named here hears of nobody
   */
  @experimentCallback({
    parameters: [integer('max_peers', { min: 0, default: 0 }), text('excluded_peers', { default: '' })],
  })
  introducePeers(maxPeers: number, excludedPeers: string): void {
    for (const peer of this.choosePeers(maxPeers, excludedPeers)) this.candidateOf(peer);
  }

  /** Chooses so many of the other instances by chance; none when this instance itself is excluded. */
  protected choosePeers(maxPeers: number, excludedPeers: string): readonly number[] {
    const excluded = new Set(
      excludedPeers
        .split(',')
        .filter((id) => id.trim() !== '')
        .map(Number),
    );
    if (excluded.has(this.myId)) return [];
    const others = this.peers.filter((peer) => peer !== this.myId && !excluded.has(peer));
    if (maxPeers === 0) return others;
    return this.experiment.random.derive('introduce-peers').shuffle(others).slice(0, maxPeers);
  }
}
