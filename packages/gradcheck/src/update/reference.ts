// What a hand-written step is held against: a rule by name, or an optimizer, whose rule is found by its numbers.

import { fromData, noGrad, Parameter, TapegradError, type Tensor } from '@tapegrad/core';
import { compare } from '../comparison.ts';
import { describe } from '../values.ts';
import { hint, type Members } from './members.ts';
import { type Condition, type ConstantName, type Constants, type Stepper, takeStep } from './rule.ts';
import { type Convention, type Rule, type RuleName, rules, velocityRules } from './rules.ts';

/** A rule by name, and what it is set by; left out, each number is what Keras has by default. */
export interface RuleReference extends Partial<Constants> {
  readonly rule: RuleName;
  /** How the velocity of momentum is kept. Default: as Keras has it. */
  readonly convention?: Convention;
}

/** An optimizer such as those of `@tapegrad/nn`, its options as properties: `learningRate`, `beta1`, `momentum` and so on. */
export interface OptimizerLike {
  step(gradients: readonly Tensor[], parameters: readonly Parameter[]): void;
  learningRate: number;
}

/** The rule that steps are held against, with its numbers. */
export interface Reference extends Stepper {
  readonly name: RuleName;
  readonly rule: Rule;
  /** Null where the rule has no velocity. */
  readonly convention: Convention | null;
}

const op = 'auditUpdate';
const example = "{ rule: 'adam', learningRate: 0.001 }";

const none: Constants = {
  ...{ learningRate: 0, beta1: 0, beta2: 0, epsilon: 0, momentum: 0, dampening: 0, rho: 0, weightDecay: 0 },
};

/**
 * The rule that `reference` stands for.
 *
 * @param trial - parameters, and gradients of some steps, on which an optimizer shows its rule.
 * @throws TapegradError for unknown names, options out of range, and an optimizer whose rule is none of those known.
 */
export function toReference(
  reference: unknown,
  trial: { members: Members; grads: readonly Float64Array[][] },
): Reference {
  if (typeof reference === 'object' && reference !== null) {
    if ('step' in reference && typeof reference.step === 'function')
      return ofOptimizer(reference as OptimizerLike, trial);
    if ('rule' in reference) return ofRule(reference as RuleReference);
  }
  throw new TapegradError(
    op,
    `reference is ${describe(reference)}. Expected a rule, e.g. ${example}, or an optimizer.`,
  );
}

function ofRule(options: RuleReference): Reference {
  const { rule: name, convention = 'keras', ...given } = options;
  const known = Object.keys(rules);
  if (typeof name !== 'string') throw new TapegradError(op, `rule is ${describe(name)}. Expected ${known.join(', ')}.`);
  if (!Object.hasOwn(rules, name)) throw new TapegradError(op, `no rule ${name}.${hint(name, known)}`);
  const hasVelocity = name === 'momentum' || name === 'nesterov';
  if (convention !== 'keras' && convention !== 'pytorch') {
    throw new TapegradError(op, `convention is ${describe(convention)}. Expected keras or pytorch.`);
  }
  const rule = hasVelocity ? velocityRules[name][convention] : rules[name];
  const names = Object.keys(rule.defaults);
  const allowed = hasVelocity ? [...names, 'convention'] : names;
  for (const option of Object.keys(options).filter((each) => each !== 'rule')) {
    if (!allowed.includes(option)) {
      throw new TapegradError(op, `${rule.title} has no option ${option}.${hint(option, allowed)}`);
    }
  }
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const constants = { ...none, ...rule.defaults, ...set };
  for (const constant of names as ConstantName[]) requireConstant(constant, constants[constant]);
  return { name, rule, convention: hasVelocity ? convention : null, constants, slots: rule.slots, parts: rule.parts };
}

const fractions: readonly string[] = ['beta1', 'beta2', 'momentum', 'rho', 'dampening'];

function requireConstant(name: ConstantName, value: unknown): void {
  const number = typeof value === 'number' && Number.isFinite(value) && value >= 0;
  if (number && (!fractions.includes(name) || value < 1)) return;
  const range = fractions.includes(name) ? '>= 0 and < 1' : '>= 0';
  throw new TapegradError(op, `${name} is ${describe(value)}. Expected a number ${range}.`);
}

/** The rule that gives what the optimizer gives, in float64, on the trial. */
function ofOptimizer(optimizer: OptimizerLike, { members, grads }: Parameters<typeof toReference>[1]): Reference {
  const properties = optimizer as unknown as { readonly [name: string]: unknown };
  const candidates = (Object.keys(rules) as RuleName[]).flatMap((name): Reference[] => {
    const { defaults } = rules[name];
    const numbers = Object.keys(defaults).map((key) => [
      key,
      properties[key] ?? (key === 'weightDecay' ? 0 : undefined),
    ]);
    if (numbers.some(([, value]) => typeof value !== 'number')) return [];
    return [ofRule({ rule: name, ...Object.fromEntries(numbers) })];
  });
  const steps = stepsOf(optimizer, members, grads);
  const found = candidates.find((candidate) => follows(candidate, steps, members, grads));
  if (found !== undefined) return found;
  throw new TapegradError(
    op,
    `reference is ${describe(optimizer)}, whose steps follow none of the rules ${Object.keys(rules).join(', ')}. ` +
      `Expected an optimizer that does, with its options as properties; or a rule, e.g. ${example}.`,
  );
}

/** The parameters before and after each step of the optimizer. It is left as it was: its count of steps is put back. */
function stepsOf(optimizer: OptimizerLike, members: Members, grads: readonly Float64Array[][]): Float64Array[][] {
  const tensorOf = (values: Float64Array, i: number): Tensor =>
    fromData(values.slice(), members.list[i]!.shape, 'float64');
  const parameters = members.values.map((value, i) => new Parameter(tensorOf(value, i), members.list[i]!.name));
  const read = (): Float64Array[] => parameters.map((parameter) => Float64Array.from(parameter.toData()));
  const count = Object.getOwnPropertyDescriptor(optimizer, 'iterations');
  const states = [read()];
  try {
    for (const each of grads) {
      noGrad(() => optimizer.step(each.map(tensorOf), parameters));
      states.push(read());
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : describe(error);
    throw new TapegradError(op, `the step of reference threw: ${message}`, { cause: error });
  } finally {
    if (count !== undefined) Object.defineProperty(optimizer, 'iterations', count);
  }
  return states;
}

function follows(
  candidate: Reference,
  steps: readonly Float64Array[][],
  members: Members,
  grads: readonly Float64Array[][],
): boolean {
  return members.list.every(({ shape, size }, i) => {
    let slots: Condition['slots'] = Object.fromEntries(candidate.slots.map((slot) => [slot, new Float64Array(size)]));
    return grads.every((each, step) => {
      const w = steps[step]![i]!;
      const stepped = takeStep(candidate, { w, slots }, each[i]!, step + 1);
      slots = stepped.slots;
      const after = fromData(
        stepped.update.map((change, j) => w[j]! + change),
        shape,
        'float64',
      );
      const { agreement } = compare(fromData(steps[step + 1]![i]!, shape, 'float64'), after);
      return agreement === 'exact' || agreement === 'rounding';
    });
  });
}
