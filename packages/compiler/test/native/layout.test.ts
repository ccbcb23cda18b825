import { describe, expect, it } from 'vitest';
import { blasMatrix } from '../../src/native/layout.ts';

// a matrix of 3 × 5 numbers of 4 bytes, where the row says nothing else
const rows: readonly {
  readonly lies: string;
  readonly rows?: number;
  readonly columns?: number;
  readonly row: number;
  readonly column: number;
  readonly size?: number;
  readonly is: ReturnType<typeof blasMatrix>;
}[] = [
  { lies: 'row by row', row: 20, column: 4, is: { transposed: false, leading: 5 } },
  { lies: 'row by row in 8 bytes', row: 40, column: 8, size: 8, is: { transposed: false, leading: 5 } },
  { lies: 'in rows apart', row: 28, column: 4, is: { transposed: false, leading: 7 } },
  { lies: 'column by column', row: 4, column: 12, is: { transposed: true, leading: 3 } },
  { lies: 'in columns apart', row: 4, column: 32, is: { transposed: true, leading: 8 } },
  { lies: 'in rows that overlap', row: 16, column: 4, is: undefined },
  { lies: 'in columns that overlap', row: 4, column: 8, is: undefined },
  { lies: 'as one row repeated', row: 0, column: 4, is: undefined },
  { lies: 'as one column repeated', row: 4, column: 0, is: undefined },
  { lies: 'as one number repeated', row: 0, column: 0, is: undefined },
  { lies: 'with its rows reversed', row: -20, column: 4, is: undefined },
  { lies: 'with its columns reversed', row: 20, column: -4, is: undefined },
  { lies: 'with every second column', row: 40, column: 8, is: undefined },
  { lies: 'in rows that begin within a number', row: 22, column: 4, is: undefined },
  { lies: 'in one row, of any row stride', rows: 1, row: -3, column: 4, is: { transposed: false, leading: 5 } },
  { lies: 'in one row of spread numbers', rows: 1, row: 0, column: 12, is: { transposed: true, leading: 3 } },
  { lies: 'in one row of reversed numbers', rows: 1, row: 20, column: -4, is: undefined },
  {
    lies: 'in one column, of any column stride',
    columns: 1,
    row: 4,
    column: -3,
    is: { transposed: false, leading: 1 },
  },
  { lies: 'in one column of spread numbers', columns: 1, row: 12, column: 0, is: { transposed: false, leading: 3 } },
  { lies: 'in one column of one number repeated', columns: 1, row: 0, column: 4, is: undefined },
  { lies: 'in one number', rows: 1, columns: 1, row: 0, column: 0, is: { transposed: false, leading: 1 } },
  { lies: 'nowhere, without rows', rows: 0, row: 20, column: 4, is: { transposed: false, leading: 5 } },
  { lies: 'nowhere, without columns', columns: 0, row: 0, column: -4, is: { transposed: false, leading: 1 } },
];

describe('blasMatrix', () => {
  it.each(rows)('reads a matrix that lies $lies as $is', ({ rows = 3, columns = 5, row, column, size = 4, is }) => {
    expect(blasMatrix(rows, columns, row, column, size)).toEqual(is);
  });
});
