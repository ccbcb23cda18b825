// The instructions that threads on a shared memory meet by: i32 loads, stores and updates that are never half done;
// sleeping and waking.

/** By their names in WebAssembly's text format. */
export const atomicInstructions = {
  'memory.atomic.notify': [0xfe_0000, 'i32 i32 -> i32', { bytes: 4 }],
  'memory.atomic.wait32': [0xfe_0001, 'i32 i32 i64 -> i32', { bytes: 4 }],
  'i32.atomic.load': [0xfe_0010, 'i32 -> i32', { bytes: 4 }],
  'i32.atomic.store': [0xfe_0017, 'i32 i32 -> none', { bytes: 4 }],
  'i32.atomic.rmw.add': [0xfe_001e, 'i32 i32 -> i32', { bytes: 4 }],
  'i32.atomic.rmw.cmpxchg': [0xfe_0048, 'i32 i32 i32 -> i32', { bytes: 4 }],
} as const;
