/** A line without its PEERSPEC, and the PEERSPEC. */
export interface SplitLine {
  readonly statement: string;
  readonly spec?: SpecPart;
}

/** The text between the braces, and where it begins. */
export interface SpecPart {
  readonly text: string;
  readonly offset: number;
}

/** Takes the PEERSPEC off the end of a trimmed line as it was written, before any variable is replaced. */
export function splitPeerSpec(line: string): SplitLine {
  if (!line.endsWith('}') || isEscaped(line, line.length - 1)) return { statement: line };
  const open = line.lastIndexOf('{');
  if (open < 0 || isEscaped(line, open)) return { statement: line };
  return { statement: line.slice(0, open).trimEnd(), spec: { text: line.slice(open + 1, -1), offset: open + 1 } };
}

/** Whether a backslash makes the character an ordinary one. */
function isEscaped(line: string, index: number): boolean {
  let backslashes = 0;
  while (line[index - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}
