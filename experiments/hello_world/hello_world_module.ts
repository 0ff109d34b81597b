import { Community, DefaultConversion, type Dispersy, type Experiment, experimentCallback, staticModule } from 'gumby';
import { CommunityExperimentModule } from 'gumby/modules/community_experiment_module';
import { CommunityLauncher } from 'gumby/modules/community_launcher';
import { IsolatedCommunityLoader } from 'gumby/modules/isolated_community_loader';

/**
 * This provides the capability to run your communities in an isolated fashion.
 * You can include multiple launchers here.
 */
class HelloWorldCommunityLoader extends IsolatedCommunityLoader {
  constructor(sessionId: string) {
    super(sessionId);
    this.setLauncher(new HelloWorldCommunityLauncher());
  }
}

/** This class forwards all the information Dispersy needs to launch our community. */
class HelloWorldCommunityLauncher extends CommunityLauncher {
  override getCommunityClass() {
    return HelloWorldCommunity;
  }

  override getMyMember(dispersy: Dispersy) {
    return dispersy.getNewMember();
  }

  override getKwargs() {
    return {};
  }
}

/** This is the Community we are testing. It does nothing right now. */
class HelloWorldCommunity extends Community {
  override initiateConversions() {
    return [new DefaultConversion(this)];
  }
}

/**
 * This is the module we reference through the scenario (note @staticModule).
 * All of the functionality we want to expose to the scenario is marked `@experimentCallback`.
 */
@staticModule
export class HelloWorldModule extends CommunityExperimentModule {
  constructor(experiment: Experiment) {
    super(experiment, HelloWorldCommunity);
    this.dispersyProvider.customCommunityLoader = new HelloWorldCommunityLoader(this.dispersyProvider.sessionId);
  }

  /** Greets. */
  @experimentCallback
  hello() {
    console.log('Hello human!');
  }

  /**
   * Greets several times in one line.
   * @param repetitions - how often
   * @param separator - what stands between two greetings
   */
  @experimentCallback
  extendedHello(repetitions: string, separator = ' ') {
    console.log(Array(Number(repetitions)).fill('Hello human!').join(separator));
  }
}
