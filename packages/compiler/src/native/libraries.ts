// Where BLAS libraries usually are. A plain reference BLAS (`libblas`) is not among them: it is slower than WebAssembly.

const openBlas = 'libopenblas';

const librariesByPlatform: { readonly [platform: string]: readonly string[] } = {
  // a bare name is looked up by the dynamic linker; 0 is the version of Debian, Fedora and Arch Linux, 3 that of Alpine
  linux: [`${openBlas}.so.0`, `${openBlas}p.so.0`, `${openBlas}.so.3`, `${openBlas}.so`],
  freebsd: [`${openBlas}.so.0`, `${openBlas}.so`],
  darwin: [
    '/System/Library/Frameworks/Accelerate.framework/Accelerate',
    // Homebrew on Apple silicon and on Intel, MacPorts
    `/opt/homebrew/opt/openblas/lib/${openBlas}.dylib`,
    `/usr/local/opt/openblas/lib/${openBlas}.dylib`,
    `/opt/local/lib/${openBlas}.dylib`,
  ],
  win32: [`${openBlas}.dll`, 'openblas.dll'],
};

/** The names and paths under which a fast BLAS may be on a system (`process.platform`), the preferred one first. */
export function librariesOn(platform: string): readonly string[] {
  return librariesByPlatform[platform] ?? [];
}
