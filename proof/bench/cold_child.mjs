// One cold start, in a process of its own: loads a bundle, answers one event, and tells on descriptor 3 what that took.
// Plain JavaScript, and no import before the measure, so that nothing is loaded that the bundle wouldn't load itself.

const [bundle, event, script] = process.argv.slice(2);
const { writeSync } = process.getBuiltinModule('node:fs');

/** With `scripts`: the source bytes of all code that is compiled from here on, Node's own included; slower, so apart. */
let bytes = 0;
if (script === 'scripts') {
  const { Session } = process.getBuiltinModule('node:inspector');
  const session = new Session();
  session.connect();
  let listening = false;
  session.on('Debugger.scriptParsed', ({ params }) => {
    if (listening) bytes += params.length;
  });
  session.post('Debugger.enable');
  listening = true;
}

const loadedBefore = process.moduleLoadList.length;
const context = {
  awsRequestId: 'b3f1c2d4-0000-4000-8000-000000000001',
  functionName: 'measured',
  functionVersion: '1',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:measured',
  memoryLimitInMB: '1024',
  getRemainingTimeInMillis: () => 15_000,
};
const before = process.cpuUsage();
const began = performance.now();
const { handler } = await import(bundle);
const loaded = process.cpuUsage(before);
const answer = await handler(JSON.parse(event), context);
const used = process.cpuUsage(before);
const wallMs = performance.now() - began;
const cpuMs = ({ user, system }) => (user + system) / 1000;
writeSync(
  3,
  JSON.stringify({
    answer,
    importMs: cpuMs(loaded),
    cpuMs: cpuMs(used),
    wallMs,
    rssMb: process.memoryUsage.rss() / 1e6,
    builtins: process.moduleLoadList.slice(loadedBefore).filter((name) => name.startsWith('NativeModule')).length,
    undici: process.moduleLoadList.some((name) => name.includes('undici')),
    bytes,
  }),
);
process.exit(0);
