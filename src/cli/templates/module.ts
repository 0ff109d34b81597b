import { communityName, pascalCase } from './scenario.js';

/** A module that runs as it stands: a community with one signed message, and commands that use it. */
export function moduleTemplate(name: string): string {
  const prefix = pascalCase(name);
  const community = communityName(name);
  return `// ${name}_module.ts: what an instance can do.
import {
  type Address,
  candidateDestination,
  Community,
  DefaultConversion,
  directDistribution,
  type Experiment,
  experimentCallback,
  memberAuthentication,
  MetaMessage,
  publicResolution,
  staticModule,
  struct,
  text,
  utf8,
} from 'gumby';
import { CommunityExperimentModule } from 'gumby/modules/community_experiment_module';
import { CommunityLauncher } from 'gumby/modules/community_launcher';

/** The overlay under test: its peers send each other signed greetings. */
class ${community} extends Community {
  readonly greetings: string[] = [];

  readonly greeting = new MetaMessage({
    id: 1,
    name: 'greeting',
    authentication: memberAuthentication(),
    resolution: publicResolution(),
    distribution: directDistribution(),
    destination: candidateDestination(),
    payload: struct({ text: utf8 }),
    handle: ({ payload, member }) => void this.greetings.push(\`\${member.mid.toString('hex')}: \${payload.text}\`),
  });

  override initiateConversions() {
    return [new DefaultConversion(this)];
  }

  override initiateMetaMessages() {
    return [this.greeting];
  }

  createGreeting(peer: Address, greeting: string): void {
    this.send(this.greeting, { text: greeting }, [peer]);
  }
}

/** Tells Dispersy which community to load. */
class ${prefix}Launcher extends CommunityLauncher {
  override getCommunityClass() {
    return ${community};
  }
}

/** The scenario loads this class; every method marked @experimentCallback is a command of the scenario. */
@staticModule
export class ${prefix}Module extends CommunityExperimentModule<${community}> {
  constructor(experiment: Experiment) {
    super(experiment, ${community});
    this.dispersyProvider.customCommunityLoader.setLauncher(new ${prefix}Launcher());
  }

  /**
   * Greets another instance, chosen by chance.
   * @param text - what to say
   */
  @experimentCallback({ parameters: [text('text')] })
  greet(greeting: string): void {
    const others = this.peers.filter((peer) => peer !== this.myId);
    this.community.createGreeting(this.addressOf(this.experiment.random.pick(others)), greeting);
  }

  /** Prints the greetings that have arrived; what is printed stands in output/0000N.out. */
  @experimentCallback
  countGreetings(): void {
    console.log(\`\${this.community.greetings.length} greetings have arrived\`);
    for (const greeting of this.community.greetings) console.log(greeting);
  }
}
`;
}
