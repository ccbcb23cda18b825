// The example as a program. Source maps are switched on before its modules are loaded, so that reports name lines of the sources.

process.setSourceMapsEnabled(true);
const { main } = await import('./program.ts');
await main();

export {};
