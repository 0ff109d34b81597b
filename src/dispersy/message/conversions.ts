import { GumbyError } from '../../runtime/errors.js';
import { type Conversion, PREFIX_BYTES } from './conversion.js';

/** The conversions of a community: a message is sent by the first of them, and received by any. */
export class Conversions {
  #all: readonly Conversion[] = [];

  /** @param name - the community's name, for errors. */
  constructor(private readonly name: string) {}

  get all(): readonly Conversion[] {
    return this.#all;
  }

  /** Sets the conversions; is called once, when the community is attached. */
  set(all: readonly Conversion[]): void {
    this.#all = all;
  }

  /** The conversion that messages are sent by. @throws GumbyError SESSION_STATE when there is none yet. */
  get current(): Conversion {
    const [first] = this.#all;
    if (first === undefined)
      throw new GumbyError(
        'SESSION_STATE',
        `community ${this.name} cannot send: it is not attached to a Dispersy, or its initiateConversions() gives none`,
        { context: { community: this.name } },
      );
    return first;
  }

  /** The conversion whose prefix a packet of the community has. */
  forPacket(packet: Buffer): Conversion | undefined {
    return this.#all.find(({ prefix }) => prefix.equals(packet.subarray(0, PREFIX_BYTES)));
  }
}
