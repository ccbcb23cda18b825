// What is wrong with an audit as a whole, beside the verdicts: sentences about the forward pass, the backward pass, and the tape.

import { allFinite } from '../comparison.ts';
import type { NumericOpinion } from './audit-report.ts';
import type { Chain } from './chain.ts';
import type { ForwardPass } from './forward-pass.ts';
import { shapeProblem } from './handed-shape.ts';
import type { Judgement } from './verdicts.ts';

/** What a report says before its terms. */
export function problemsOf(
  pass: ForwardPass,
  chain: Chain,
  judgements: readonly Judgement[],
  opinions: readonly (NumericOpinion | null)[],
): string[] {
  return [
    ...notFinite(pass, judgements),
    ...notRepeatable(pass),
    ...chain.problems,
    ...judgements.flatMap(otherShape),
    ...repliesUnused(judgements),
    ...opinions.flatMap((opinion, i) => tapeProblem(judgements[i]!, opinion)),
  ];
}

/** What is said where there is nothing to hold formulas against. */
function notFinite(pass: ForwardPass, judgements: readonly Judgement[]): string[] {
  const asked = new Set(judgements.map(({ link }) => link.name));
  const names = [...pass.named.values()]
    .filter(({ name, kind, gradient }) => (kind === 'param' || asked.has(name)) && !allFinite(gradient))
    .map(({ name }) => name);
  const loss = pass.loss.item();
  if (names.length === 0 && Number.isFinite(loss)) return [];
  const gradients = names.length === 0 ? '' : `the tape's own gradient by ${names.join(', ')} is not finite, and `;
  return [
    `${gradients}the loss is ${loss}. Record the forward pass on new Tape({ detectAnomaly: true }) to see where that begins, and ` +
      'audit on other values',
  ];
}

/** A forward pass that is random is another function each time. */
function notRepeatable(pass: ForwardPass): string[] {
  const [name] = pass.named.keys();
  if (name === undefined || Object.is(pass.lossAt(name, 0, 0), pass.loss.item())) return [];
  return [
    'the forward pass gives another loss when it is run again. Draw random values outside of it, and hand them in as inputs',
  ];
}

/** A formula that is not called wrong, but whose shape is: an update would broadcast. */
function otherShape(judgement: Judgement): string[] {
  const problem = judgement.verdict === 'wrong' ? null : shapeProblem(judgement);
  return problem === null ? [] : [`the gradient by ${judgement.link.name}: ${problem}`];
}

/** Where nothing works on what came back, no formula was judged on right input. */
function repliesUnused(judgements: readonly Judgement[]): string[] {
  const intermediate = judgements.length > 1 && judgements.some(({ verdict }) => verdict === 'wrong');
  if (!intermediate || judgements.some(({ link }) => link.uses.length > 0)) return [];
  return [
    'no gradient is computed from what given() gave back, so each was judged with all mistakes before it. Write ' +
      "const dZ = given('Z', …), and go on with dZ",
  ];
}

function tapeProblem({ link }: Judgement, numeric: NumericOpinion | null): string[] {
  if (numeric?.agreesWith !== 'manual') return [];
  return [
    `the tape's gradient by ${link.name} is wrong, not the formula: central differences of the loss agree with the formula. Look for a ` +
      'stopGradient, a customGradient or an op of your own between it and the loss',
  ];
}
