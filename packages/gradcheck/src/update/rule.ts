// What a rule of an optimizer is: a few formulas for one element, taken in order, in float64. The rules themselves are in rules.ts,
// the mistakes that are made in them in deviations.ts.

/** What is kept of each parameter from step to step. */
export type SlotName = 'm' | 'v' | 'velocity';

/** The numbers that a rule is set by; those that it does not have are 0. */
export interface Constants {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly momentum: number;
  readonly dampening: number;
  readonly rho: number;
  readonly weightDecay: number;
}

/** The names of all constants. */
export type ConstantName = keyof Constants;

/** What formulas are of: one element of a parameter at one step. */
export interface Quantities extends Constants {
  /** The parameter before the step. */
  readonly w: number;
  /** The gradient that was given. */
  readonly g: number;
  /** The step, counted from 1. */
  readonly t: number;
  /** The slots before the step. */
  readonly mOld: number;
  readonly vOld: number;
  readonly velocityOld: number;
  /** The step that the corrections of bias count; `t`, if they are right. */
  readonly count: number;
  /** The gradient that goes into the slots: with coupled weight decay g + λ w. */
  readonly gradient: number;
  readonly m: number;
  readonly v: number;
  readonly velocity: number;
  readonly mHat: number;
  readonly vHat: number;
  readonly denominator: number;
  /** What is subtracted from the parameter. */
  readonly step: number;
  /** What decoupled weight decay subtracts beside it. */
  readonly decay: number;
  /** The slots as they are kept for the next step; the ones that were computed, if that is right. */
  readonly mKept: number;
  readonly vKept: number;
  readonly velocityKept: number;
}

/** One quantity by those before it. */
export type Formula = (q: Quantities) => number;

/** The quantities that have formulas. */
export type PartName =
  | 'count'
  | 'gradient'
  | SlotName
  | 'mHat'
  | 'vHat'
  | 'denominator'
  | 'step'
  | 'decay'
  | `${SlotName}Kept`;

/** The formulas of a rule, by what they give. */
export type Parts = { readonly [P in PartName]?: Formula };

/** Formulas and the numbers that they are set by: all that is needed to take a step. */
export interface Stepper {
  readonly slots: readonly SlotName[];
  readonly parts: Parts;
  readonly constants: Constants;
}

/** A parameter with its slots, element by element. */
export interface Condition {
  readonly w: Float64Array;
  readonly slots: { readonly [S in SlotName]?: Float64Array };
}

/** What was changed by a step: `w` is the difference that it made to the parameter, not its new value. */
export interface Stepped {
  readonly update: Float64Array;
  readonly slots: { readonly [S in SlotName]?: Float64Array };
}

/**
 * Takes step `t` by the rule.
 *
 * @param given - slots as they are after the step, in place of what the rule computes: what would the parameter become by them?
 */
export function takeStep(
  { slots, parts, constants }: Stepper,
  { w, slots: old }: Condition,
  g: Float64Array,
  t: number,
  given: Stepped['slots'] = {},
): Stepped {
  const q: { -readonly [K in keyof Quantities]: number } = { ...nothing, ...constants, t };
  const { m, v, velocity } = { ...parts, ...withoutFormulas(given) };
  const { count, gradient, mHat, vHat, denominator, step, decay, mKept, vKept, velocityKept } = parts;
  const update = new Float64Array(w.length);
  const kept: { [S in SlotName]?: Float64Array } = {};
  for (const slot of slots) kept[slot] = new Float64Array(w.length);
  // Each line by itself, as steps over many elements are taken often: stores under computed names take twice the time.
  for (let i = 0; i < w.length; i++) {
    q.w = w[i]!;
    q.g = g[i]!;
    q.mOld = old.m?.[i] ?? 0;
    q.vOld = old.v?.[i] ?? 0;
    q.velocityOld = old.velocity?.[i] ?? 0;
    q.count = t;
    if (count !== undefined) q.count = count(q);
    if (gradient !== undefined) q.gradient = gradient(q);
    q.m = m === undefined ? (given.m?.[i] ?? 0) : m(q);
    q.v = v === undefined ? (given.v?.[i] ?? 0) : v(q);
    q.velocity = velocity === undefined ? (given.velocity?.[i] ?? 0) : velocity(q);
    if (mHat !== undefined) q.mHat = mHat(q);
    if (vHat !== undefined) q.vHat = vHat(q);
    if (denominator !== undefined) q.denominator = denominator(q);
    if (step !== undefined) q.step = step(q);
    if (decay !== undefined) q.decay = decay(q);
    update[i] = 0 - q.step - q.decay;
    if (kept.m !== undefined) kept.m[i] = mKept === undefined ? q.m : mKept(q);
    if (kept.v !== undefined) kept.v[i] = vKept === undefined ? q.v : vKept(q);
    if (kept.velocity !== undefined) kept.velocity[i] = velocityKept === undefined ? q.velocity : velocityKept(q);
  }
  return { update, slots: kept };
}

/** The slots that are given need no formula. */
function withoutFormulas(given: Stepped['slots']): { readonly [S in SlotName]?: undefined } {
  return Object.fromEntries(Object.keys(given).map((slot) => [slot, undefined]));
}

const nothing: Quantities = {
  ...{ learningRate: 0, beta1: 0, beta2: 0, epsilon: 0, momentum: 0, dampening: 0, rho: 0, weightDecay: 0 },
  ...{ w: 0, g: 0, t: 0, mOld: 0, vOld: 0, velocityOld: 0, count: 0, gradient: 0, m: 0, v: 0, velocity: 0 },
  ...{ mHat: 0, vHat: 0, denominator: 0, step: 0, decay: 0, mKept: 0, vKept: 0, velocityKept: 0 },
};
