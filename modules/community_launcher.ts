import type { Community, CommunityClass, Dispersy, Experiment, Member } from 'gumby';

/** The session that a community is launched in, as its launcher sees it. */
export interface CommunitySession {
  readonly experiment: Experiment;
  /** The member of this instance; its public key is published in `vars`. */
  readonly myMember: Member;
}

/** Prepares one community for loading: a loader asks the launcher for the class, the member, the time and the order of loading. */
export abstract class CommunityLauncher {
  /** The name by which a loader knows the launcher and `isolate_community` names it. By default it is the community's class name. */
  get name(): string {
    return this.getCommunityClass().name;
  }

  abstract getCommunityClass(): CommunityClass;

  /** Names of launchers that have to be done before this one. */
  notBefore(): readonly string[] {
    return [];
  }

  /** Whether to launch at all. */
  shouldLaunch(_session: CommunitySession): boolean {
    return true;
  }

  /** Whether to load the community with the others; otherwise somebody calls its `initCommunity` later. */
  shouldLoadNow(_session: CommunitySession): boolean {
    return true;
  }

  /** Is called before the community is loaded. */
  prepare(_dispersy: Dispersy, _session: CommunitySession): void | Promise<void> {}

  /** Is called after the community has been loaded; without a community when it is not to be loaded now. */
  finalize(_dispersy: Dispersy, _session: CommunitySession, _community: Community | undefined): void | Promise<void> {}

  /** The member who takes part in the community. */
  getMyMember(_dispersy: Dispersy, session: CommunitySession): Member {
    return session.myMember;
  }

  /** The master member of the community to join; by default the first that the community's class names. */
  getMasterMember(dispersy: Dispersy): Member | undefined {
    return this.getCommunityClass().getMasterMembers(dispersy)[0];
  }

  /** The first arguments of the community's `initialize`. */
  getArgs(_session: CommunitySession): readonly unknown[] {
    return [];
  }

  /** The last argument of the community's `initialize`: its options by name. */
  getKwargs(_session: CommunitySession): Readonly<Record<string, unknown>> {
    return {};
  }
}
