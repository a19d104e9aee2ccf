// Runs the synthesized templates on this machine: `node local/cloud/main.ts --help`. This file only reads the command line,
// says what happened and passes signals on; it loads nothing else before it has seen that this Node can run it.

const needed = 24;
if (Number(process.versions.node.split('.')[0]) < needed) {
  console.error(`The local cloud needs Node ${needed} or newer; this is ${process.version}. Run it with npm start.`);
  process.exit(1);
}

const { readArguments, usage } = await import('./arguments.ts');
const { UserError } = await import('../host/user_error.ts');
const { say, sinceStart } = await import('./progress.ts');

const projectRoot = new URL('../..', import.meta.url).pathname.replace(/\/$/, '');

const run = async (): Promise<void> => {
  const options = readArguments(process.argv.slice(2), projectRoot);
  if (options.help) return say(usage);
  const { boot } = await import('./boot.ts');
  const { summary, readyFile } = await import('./summary.ts');
  const { writeAtomically } = await import('../storage/state.ts');
  const { launcherGone } = await import('./launcher.ts');

  const signalled = new Promise<'asked'>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        // A second one while we stop: children end with us anyway.
        process.once(signal, () => process.exit(1));
        resolve('asked');
      });
    }
  });
  const asked = Promise.race([signalled, launcherGone()]);
  const booting = boot(options, projectRoot, (text) => console.error(text));
  const cloud = await Promise.race([booting, asked]);
  if (cloud === 'asked') {
    const late = await booting.catch(() => undefined);
    return late?.stop();
  }
  if (options.readyFile !== undefined) await writeAtomically(options.readyFile, readyFile(cloud));
  say(summary(cloud, options.state, sinceStart()));
  const why = await Promise.race([cloud.broken, asked]);
  if (why === 'asked') say('Stopping.');
  await cloud.stop();
  if (why !== 'asked') throw new UserError(`${why} Everything was stopped; the state is kept in ${options.state}.`);
};

try {
  await run();
  process.exit(0);
} catch (thrown) {
  if (!(thrown instanceof UserError)) throw thrown;
  console.error(thrown.message);
  process.exit(1);
}
