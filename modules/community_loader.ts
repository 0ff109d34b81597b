import { type Dispersy, GumbyError } from 'gumby';
import type { CommunityLauncher, CommunitySession } from './community_launcher.js';

/** Holds the launchers of a session and launches them in an order that suits them all. */
export class CommunityLoader {
  readonly #launchers = new Map<string, CommunityLauncher>();

  /** Adds a launcher, or replaces the one of the same name. */
  setLauncher(launcher: CommunityLauncher): void {
    this.#launchers.set(launcher.name, launcher);
  }

  /** The launcher of this name. @throws GumbyError PARAMETER_INVALID naming the launchers that exist */
  getLauncher(name: string): CommunityLauncher {
    const launcher = this.#launchers.get(name);
    if (launcher !== undefined) return launcher;
    const known = [...this.#launchers.keys()].join(', ') || 'none';
    throw new GumbyError('PARAMETER_INVALID', `there is no launcher for a community "${name}" (there are: ${known})`);
  }

  delLauncher(name: string): void {
    this.#launchers.delete(name);
  }

  /**
   * Launches all communities, each after those that have to come first.
   * @throws GumbyError LAUNCHER_CYCLE when the launchers wait for each other in a circle, PARAMETER_INVALID when one waits for
   * a launcher that is not there
   */
  async load(dispersy: Dispersy, session: CommunitySession): Promise<void> {
    for (const launcher of this.#inOrder()) {
      if (!launcher.shouldLaunch(session)) continue;
      await launcher.prepare(dispersy, session);
      const community = launcher.shouldLoadNow(session) ? this.#loadCommunity(launcher, dispersy, session) : undefined;
      await launcher.finalize(dispersy, session, community);
    }
  }

  #loadCommunity(launcher: CommunityLauncher, dispersy: Dispersy, session: CommunitySession) {
    const masterMember = launcher.getMasterMember(dispersy);
    return dispersy.loadCommunity(launcher.getCommunityClass(), {
      myMember: launcher.getMyMember(dispersy, session),
      ...(masterMember === undefined ? {} : { masterMember }),
      args: [...launcher.getArgs(session), launcher.getKwargs(session)],
    });
  }

  /** The launchers in their order: depth first, and among equals in the order in which they were set. */
  #inOrder(): readonly CommunityLauncher[] {
    const ordered = new Set<CommunityLauncher>();
    const visit = (launcher: CommunityLauncher, path: readonly string[]): void => {
      if (ordered.has(launcher)) return;
      const repeated = path.indexOf(launcher.name);
      if (repeated >= 0) {
        const circle = [...path.slice(repeated), launcher.name].join(' -> ');
        throw new GumbyError('LAUNCHER_CYCLE', `community launchers wait for each other in a circle: ${circle}`, {
          context: { circle },
        });
      }
      for (const name of launcher.notBefore()) visit(this.getLauncher(name), [...path, launcher.name]);
      ordered.add(launcher);
    };
    for (const launcher of this.#launchers.values()) visit(launcher, []);
    return [...ordered];
  }
}
