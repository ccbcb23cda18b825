// The entry of `npm start`, `npm test` and `npm run example`: refuses a Node.js that is too old, then hands over to the command.
// Only what old versions understand belongs here, so that they reach the message: no static import, no `?.`.

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`tapegrad needs Node.js 20.19 or newer; this is ${process.version}. Get it from https://nodejs.org`);
  process.exitCode = 1;
} else {
  const [name, ...args] = process.argv.slice(2);
  import(`./${name}.mjs`).then((command) => command.main(args));
}
