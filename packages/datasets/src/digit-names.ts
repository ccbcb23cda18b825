// The classes of handwritten digits, which two data sets share.

/** The name of a class of digits. */
export type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9';

/** The classes in the order of their labels. */
export const digitNames: readonly Digit[] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
