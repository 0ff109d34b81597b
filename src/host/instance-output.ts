/** Takes the two streams of an instance. Every chunk is written at once and in order, so that a crash loses nothing. */
export interface InstanceOutput {
  stdout(chunk: string | Uint8Array): void;
  stderr(chunk: string | Uint8Array): void;
}
