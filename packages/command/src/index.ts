// Everything that `@tapegrad/command` offers.

export { type Command, type Option, type OptionValues, options, readOptions, requireAlone } from './options.ts';
export { OutputFolder } from './output-folder.ts';
export { runCommand } from './run-command.ts';
