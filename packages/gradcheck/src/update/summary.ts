// What an audit of a step comes to, in one sentence.

import type { UpdateReport } from './update-report.ts';

/** The sentence that a report begins with. */
export function summaryOf(report: Omit<UpdateReport, 'summary'>): string {
  const { rule, quantities, firstWrong, problems, causes } = report;
  if (firstWrong === null && problems.length > 0) return `The step could not be judged as a whole: ${problems[0]}`;
  const missing = quantities.find(({ verdict }) => verdict === 'missing');
  if (firstWrong === null && missing !== undefined) {
    return `The step could not be judged as a whole: ${quantityName(missing)} was not handed back.`;
  }
  if (firstWrong === null) {
    const single = quantities.some(({ verdict }) => verdict === 'single');
    const steps = quantities[0]?.steps.length ?? 0;
    return `The step is that of ${rule.title}${single ? ', as far as float32 goes' : ''}: right in all ${steps} steps.`;
  }
  const { run, t } = firstWrong;
  const where =
    run === 'given'
      ? `at step ${t}`
      : run === 'small'
        ? 'where gradients are as small as ε'
        : `at step ${t}, from zeros`;
  const wrong = `Not the step of ${rule.title}: the first wrong one is ${quantityName(firstWrong)}, ${where}`;
  const [likely, ...others] = causes;
  if (likely === undefined) return `${wrong}. No known cause fits.`;
  const also = others.length === 0 ? '' : ` Also possible: ${others.length} other${others.length === 1 ? '' : 's'}.`;
  return `${wrong}. Likely: ${likely.text}.${also}`;
}

/** `m of W1`, `the update of W1`. */
export function quantityName({
  quantity,
  parameter,
}: {
  readonly quantity: string;
  readonly parameter: string;
}): string {
  return `${quantity === 'update' ? 'the update' : quantity} of ${parameter}`;
}
