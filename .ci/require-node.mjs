/** Stops with one clear line when the Node that runs npm scripts is too old; `npm ci` brings Node 24 on Linux x64. */
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  console.error(
    `Plumbline needs Node >= 22.19 and this is ${process.versions.node}. On Linux x64 run \`npm ci\` (it brings Node 24 into node_modules); elsewhere install Node 24 from nodejs.org.`,
  );
  process.exit(1);
}
