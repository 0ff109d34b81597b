import { type Community, type CommunityClass, type Dispersy, isolatedMasterMember, type Member } from 'gumby';
import { CommunityLauncher, type CommunitySession } from './community_launcher.js';
import { CommunityLoader } from './community_loader.js';

/** A loader that can give a community another master member, so that it meets nobody outside this session. */
export class IsolatedCommunityLoader extends CommunityLoader {
  readonly #sessionId: string;

  /** @param sessionId - the id that is the same for all who are to meet */
  constructor(sessionId: string) {
    super();
    this.#sessionId = sessionId;
  }

  /** Isolates the community of a launcher. @throws GumbyError PARAMETER_INVALID when no launcher has this name */
  isolate(name: string): void {
    const launcher = this.getLauncher(name);
    // A community that is isolated already stays so: the scenario may ask for it twice.
    if (!(launcher instanceof IsolatedLauncher)) this.setLauncher(new IsolatedLauncher(launcher, this.#sessionId));
  }
}

/** Does everything that another launcher does, in another community. */
class IsolatedLauncher extends CommunityLauncher {
  readonly #original: CommunityLauncher;
  readonly #sessionId: string;

  constructor(original: CommunityLauncher, sessionId: string) {
    super();
    this.#original = original;
    this.#sessionId = sessionId;
  }

  override get name(): string {
    return this.#original.name;
  }

  override getCommunityClass(): CommunityClass {
    return this.#original.getCommunityClass();
  }

  override getMasterMember(_dispersy: Dispersy): Member {
    return isolatedMasterMember(this.name, this.#sessionId);
  }

  override notBefore(): readonly string[] {
    return this.#original.notBefore();
  }

  override shouldLaunch(session: CommunitySession): boolean {
    return this.#original.shouldLaunch(session);
  }

  override shouldLoadNow(session: CommunitySession): boolean {
    return this.#original.shouldLoadNow(session);
  }

  override prepare(dispersy: Dispersy, session: CommunitySession): void | Promise<void> {
    return this.#original.prepare(dispersy, session);
  }

  override finalize(
    dispersy: Dispersy,
    session: CommunitySession,
    community: Community | undefined,
  ): void | Promise<void> {
    return this.#original.finalize(dispersy, session, community);
  }

  override getMyMember(dispersy: Dispersy, session: CommunitySession): Member {
    return this.#original.getMyMember(dispersy, session);
  }

  override getArgs(session: CommunitySession): readonly unknown[] {
    return this.#original.getArgs(session);
  }

  override getKwargs(session: CommunitySession): Readonly<Record<string, unknown>> {
    return this.#original.getKwargs(session);
  }
}
