import type { Community, CommunityClass, Dispersy, Experiment, Member } from 'gumby';

/** What a launcher may know of the session that its community is launched in. */
export interface CommunitySession {
  readonly experiment: Experiment;
  /** The member of this instance; its public key is published in `vars`. */
  readonly myMember: Member;
}

/** Prepares one community for loading: a loader asks it what to load, as whom, when, and after what. */
export abstract class CommunityLauncher {
  /** Under which a loader knows it, and `isolate_community` names it. By default the community's class name. */
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

  /** Before the community is loaded. */
  prepare(_dispersy: Dispersy, _session: CommunitySession): void | Promise<void> {}

  /** After the community has been loaded; without one when it is not to be loaded now. */
  finalize(_dispersy: Dispersy, _session: CommunitySession, _community: Community | undefined): void | Promise<void> {}

  /** Who takes part in the community. */
  getMyMember(_dispersy: Dispersy, session: CommunitySession): Member {
    return session.myMember;
  }

  /** The community whose packets are understood; by default the first that its class names. */
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
