// One call of the hand-written step, and what of its answer can be used: handed back, or changed in place.

import type { FloatDType } from '@tapegrad/core';
import { describe, isPromise, type Plain } from '../values.ts';
import { hint, type Members } from './members.ts';
import type { SlotName } from './rule.ts';

/** The parameters and their slots before a step, flat, in the order of the members. */
export interface Before {
  readonly params: readonly Float64Array[];
  readonly slots: { readonly [S in SlotName]?: readonly Float64Array[] };
}

/** What came back for each parameter; null for what did not. */
export interface Answer {
  readonly params: readonly (Float64Array | null)[];
  readonly slots: { readonly [S in SlotName]?: readonly (Float64Array | null)[] };
  /** Whether the state was handed back, or changed in place. */
  readonly keepsState: boolean;
  /** Whether the state that was handed in was looked at. */
  readonly readsState: boolean;
  readonly problems: readonly string[];
  /** Whether it threw. */
  readonly threw: boolean;
}

/** The function under audit, and how it is called. */
export interface Manual {
  readonly f: (input: never) => unknown;
  readonly as: Plain;
  readonly members: Members;
  readonly slots: readonly SlotName[];
}

/** What the hand-written step is handed in a call. */
export interface Call {
  readonly before: Before;
  readonly grads: readonly Float64Array[];
  /** Counted from 1. */
  readonly t: number;
  readonly dtype: FloatDType;
}

/** Calls the hand-written step. Whatever it does comes back in the answer; nothing is thrown. */
export function callManual(manual: Manual, call: Call): Answer {
  const { f, as, members, slots } = manual;
  const { before, t, dtype } = call;
  const params = members.write(before.params, as, dtype);
  let readsState = false;
  const state = watchedState(
    slots.map((slot) => [slot, members.write(before.slots[slot]!, as, dtype)]),
    () => {
      readsState = true;
    },
  );
  let returned: unknown;
  try {
    returned = f({ params, grads: members.write(call.grads, as, dtype), state, step: t } as never);
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : describe(thrown);
    const problems = [`step ${t}: the hand-written step threw: ${message}`];
    return { params: nothing(members), slots: {}, keepsState: false, readsState, problems, threw: true };
  }
  const reads = readsState; // before the state is looked at here
  if (isPromise(returned)) returned.then(undefined, () => {}); // what it rejects with is no matter of the audit
  const answer = isRecord(returned) && !isPromise(returned) ? returned : {};
  const newParams = readParams(members, returned, answer, params, call);
  const newState = readState(manual, answer.state ?? state, before);
  return {
    params: newParams.values,
    slots: newState.slots,
    keepsState: (answer.state ?? undefined) !== undefined || newState.changed,
    readsState: reads,
    problems: [...newParams.problems, ...newState.problems].map((problem) => `step ${t}: ${problem}`),
    threw: false,
  };
}

function nothing(members: Members): null[] {
  return members.list.map(() => null);
}

/** The parameters that were handed back; else those that were handed in, if they were changed in place. */
function readParams(
  members: Members,
  returned: unknown,
  answer: { readonly [key: string]: unknown },
  handedIn: unknown,
  { before, grads }: Call,
): { values: readonly (Float64Array | null)[]; problems: readonly string[] } {
  if ((answer.params ?? undefined) !== undefined) return members.readLoosely('params', answer.params);
  const inPlace = members.readLoosely('params', handedIn);
  // A gradient of 0 may well leave all as it was.
  if (changed(inPlace.values, before.params) || (returned === undefined && isZero(grads))) return inPlace;
  const keys = isRecord(returned) ? Object.keys(returned) : [];
  const told = keys.length > 0 ? `an object with ${keys.join(', ')}` : describe(returned);
  return {
    values: nothing(members),
    problems: [
      `the hand-written step returned ${told}. Expected { params, state }, or the parameters changed in place.`,
    ],
  };
}

function readState(
  { members, slots }: Manual,
  state: unknown,
  before: Before,
): { slots: Answer['slots']; changed: boolean; problems: readonly string[] } {
  if (!isRecord(state)) {
    const expected = slots.length === 0 ? 'none' : `an object with ${slots.join(', ')}`;
    return { slots: {}, changed: true, problems: [`state is ${describe(state)}. Expected ${expected}.`] };
  }
  const found: { [S in SlotName]?: readonly (Float64Array | null)[] } = {};
  const problems: string[] = [];
  const missing = slots.filter((slot) => !Object.hasOwn(state, slot));
  // A state may hold more, such as a count of its own, but not in place of what is missing.
  for (const name of missing.length === 0 ? [] : Object.keys(state)) {
    if (!slots.includes(name as SlotName)) problems.push(`state has ${name}.${hint(name, slots)}`);
  }
  for (const slot of missing) problems.push(`state has no ${slot}. Expected ${slots.join(', ')}.`);
  for (const slot of slots.filter((each) => !missing.includes(each))) {
    const { values, problems: more } = members.readLoosely(`state.${slot}`, state[slot]);
    found[slot] = values;
    problems.push(...more);
  }
  const touched = slots.some((slot) => changed(found[slot] ?? [null], before.slots[slot]!));
  return { slots: found, changed: touched, problems };
}

/** The slots as properties that tell when they are read. */
function watchedState(
  slots: readonly (readonly [SlotName, unknown])[],
  onRead: () => void,
): { readonly [slot: string]: unknown } {
  const state: { [slot: string]: unknown } = {};
  for (const [slot, initial] of slots) {
    let value = initial;
    Object.defineProperty(state, slot, {
      enumerable: true,
      configurable: true,
      get: () => {
        onRead();
        return value;
      },
      set: (next: unknown) => {
        value = next;
      },
    });
  }
  return state;
}

function changed(now: readonly (Float64Array | null)[], before: readonly Float64Array[]): boolean {
  return now.some((value, i) => value === null || value.some((element, j) => element !== before[i]![j]!));
}

function isZero(arrays: readonly Float64Array[]): boolean {
  return arrays.every((array) => array.every((element) => element === 0));
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
