import { type Option, OPTIONS } from '../../config/options.js';

/** A configuration that runs as it stands, and explains every option there is. */
export function confTemplate(name: string): string {
  const values: Readonly<Record<string, string>> = {
    experiment_name: `"${name}"`,
    experiment_time: '30',
    scenario_file: `"${name}.scenario"`,
    instances: '5',
    tracker_cmd: '"run_tracker.sh"',
    tracker_port: '__unique_port__',
  };
  const inUse = OPTIONS.filter(({ key }) => key in values);
  const others = OPTIONS.filter(({ key }) => !(key in values));
  return [
    `## ${name}.conf: how to construct the run ##`,
    '# key = value; # begins a comment; a value with # or , in it goes in quotes.',
    '# --set key=value on the command line and GUMBY_KEY in the environment are stronger than this file.',
    '',
    ...inUse.map((option) => `${describe(option)}\n${option.key} = ${values[option.key] ?? ''}\n`),
    '## Every other option, with what holds when it is left out ##',
    '',
    ...others.map((option) => `${describe(option)}\n# ${option.key} = ${option.default ?? ''}`.trimEnd() + '\n'),
  ].join('\n');
}

function describe({ meaning, type, aliases }: Option): string {
  const also = aliases.length > 0 ? ` (also: ${aliases.join(', ')})` : '';
  return `# ${type.kind}: ${meaning}${also}`;
}
