// What is used of koffi, which calls C functions; and how it is found where it is installed. It is no dependency.

/** The part of koffi that is used. */
export interface Koffi {
  /** Opens a shared library. @throws Error where it cannot be opened. */
  load(path: string): SharedLibrary;
  /** Where a buffer lies. */
  address(buffer: ArrayBuffer): bigint;
}

export interface SharedLibrary {
  /** The function of this C prototype. @throws Error where the library has none of its name. */
  func(prototype: string): (...operands: number[]) => unknown;
}

/** What native products depend on of where they run. */
export interface Host {
  /** The system, as `process.platform` calls it. */
  readonly platform: string;
  /** Environment variables. */
  readonly env: { readonly [name: string]: string | undefined };
  /** Loads koffi. @throws Error where it is not installed, or not for this system. */
  readonly koffi: () => Koffi;
}

interface Process {
  readonly platform: string;
  readonly env: Host['env'];
  cwd(): string;
  getBuiltinModule?(name: 'node:module'): { createRequire(from: string): (name: string) => unknown };
}

/** Node.js, or what does as it does; undefined in a browser. Nothing of Node.js is imported, so that bundles for pages need none. */
export function thisHost(): Host | undefined {
  const { process } = globalThis as { process?: Process };
  const createRequire = process?.getBuiltinModule?.('node:module')?.createRequire;
  if (process === undefined || createRequire === undefined) return undefined;
  const { platform, env } = process;
  return {
    platform,
    env,
    koffi: () => {
      try {
        // beside this package: where it is a peer dependency
        return createRequire((import.meta as { url?: string }).url ?? '')('koffi') as Koffi;
      } catch {
        // from the program that runs: a package manager that keeps packages apart hides it from this one
        return createRequire(`${process.cwd()}/program.js`)('koffi') as Koffi;
      }
    },
  };
}
