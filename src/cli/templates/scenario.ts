/** A scenario that runs as it stands, and shows the language. */
export function scenarioTemplate(name: string): string {
  return `## ${name}.scenario: who does what, and when ##
# TIME COMMAND [ARGUMENT ...] [{INSTANCES}]
# TIME is [hours:][minutes:]seconds after the common start: @5, @0:30, @1:00:02.5; @! is before everything else;
# @5-10 is a moment in between, another one for each instance.
# "gumby commands ${name}/${name}.conf" lists the commands, "gumby check" finds mistakes, "gumby timeline --peer 1" shows
# what happens to one instance.

# The module that gives every instance its overlay stack
&module gumby.modules.dispersy_module.DispersyModule
# Our own, beside this file
&module ./${name}_module.ts

# Keep our community apart from everyone outside this run, start, and let the instances hear of each other
@0 isolate_community ${communityName(name)}
@0.5 start_session
@1 introduce_peers

# A line in the graphs where the measurements begin
@2 annotate start-experiment

# Everyone greets somebody at a moment of its own
@2-6 greet hello

# Only instance 2, and instances 3 to 5; three times from a loop
@7 greet "good morning" {2}
@7 for number in 1 to 3 call greet text=hello-$number {3-5}

@8 count_greetings
@9 stop_session
@10 stop
`;
}

/** The community class of the template's module. */
export function communityName(name: string): string {
  return `${pascalCase(name)}Community`;
}

/** `my_experiment` as `MyExperiment`. */
export function pascalCase(name: string): string {
  return name
    .split('_')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}
