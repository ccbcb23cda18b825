// What `pnpm bench` is asked for.

/**
 * @param {readonly string[]} args
 * @param {readonly string[]} known names of workloads
 */
export function readArguments(args, known) {
  const flags = ['--quick', '--no-build'];
  const wrong = args.find((arg) => !known.includes(arg) && !flags.includes(arg));
  if (wrong !== undefined) {
    throw new Error(`${wrong} is neither a workload (${known.join(', ')}) nor an option (${flags.join(', ')}).`);
  }
  const names = known.filter((name) => args.includes(name));
  const quick = args.includes('--quick');
  return {
    names: names.length === 0 ? known : names,
    /** Figures of a part, or hurried ones, are not for the docs. */
    writes: names.length === 0 && !quick,
    builds: !args.includes('--no-build'),
    rounds: quick ? 3 : 7,
    roundMs: quick ? 50 : 150,
  };
}
