// Runs before every script that needs the project's own Node, and says in one line what is wrong where it is not there.
// Plain JavaScript on purpose: the Node that it complains about must be able to read it.

const needed = 24;
const major = Number(process.versions.node.split('.')[0]);

if (major < needed) {
  console.error(
    `Strongroom runs on Node ${needed}, and this is Node ${process.versions.node} (${process.execPath}).\n` +
      'npm ci installs Node 24 into this folder on Linux and Windows, and npm run uses it: was npm ci run, with optional packages?\n' +
      `Elsewhere install Node ${needed} or newer.`,
  );
  process.exit(1);
}
