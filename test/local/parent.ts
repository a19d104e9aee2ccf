// A parent to be killed by the test: starts an engine and functions that never end by themselves, and says who they are.

import { chooseEngine, startEngine } from '../../local/dynamodb/engine.ts';
import { openState } from '../../local/storage/state.ts';
import { poolOf } from './pools.ts';

const state = await openState(process.argv[2] ?? '');
const engine = await startEngine('us', 'us-east-1', state, chooseEngine());
const probe = poolOf('probe', { timeoutMs: 60_000 });
const spinning = poolOf('probe', { timeoutMs: 60_000 });
await Promise.all([probe.invoke({}), spinning.invoke({})]);
void probe.invoke({ sleepMs: 60_000 });
void spinning.invoke({ spin: true });
setTimeout(() => console.log(`running ${engine.port}`), 100);
