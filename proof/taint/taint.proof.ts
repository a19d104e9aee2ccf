// Names, addresses, telephone and account numbers, cards and secrets are sent through every operation of a whole local
// cloud; then all that it has left behind is searched for them. What is found is told by place and kind, never by value.

import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '../../contract/capabilities.ts';
import { chooseEngine, type Engine, startEngine } from '../../local/dynamodb/engine.ts';
import { openState, type StateFolder } from '../../local/storage/state.ts';
import { type Cloud, copyOfState, startCloud } from '../../test/kit/cloud.ts';
import { compareWithAllowed, type Verdict } from './allowed.ts';
import { type Driven, drive } from './drive.ts';
import { entriesOf } from './fields.ts';
import { createMarks } from './marks.ts';
import { plants } from './plant.ts';
import { type Answering, openAnswering } from './receiver.ts';
import { type Request, requests } from './requests.ts';
import { filePlaces, type Places, search, tablePlaces, type Written, written } from './search.ts';
import { wordsFor } from './words.ts';

const marks = createMarks();
let folder: string;
const tablePrefix = 'strongroom-development-us-';
let cloud: Cloud;
let driven: Driven;
let receiver: Answering;
let places: Places;
let verdict: Verdict;
let state: StateFolder;
let engine: Engine;
let before: Written;

const leftBehind = async (): Promise<Places> =>
  new Map([...(await tablePlaces(engine.client, tablePrefix)), ...filePlaces(folder, before)]);

beforeAll(async () => {
  folder = await copyOfState();
  cloud = await startCloud(folder, '--verbose');
  before = written(folder);
  const said: Buffer[] = [];
  for (const output of [cloud.child.stdout, cloud.child.stderr]) output?.on('data', (chunk) => said.push(chunk));
  const words = wordsFor(marks, 'receiver');
  const answer = `${words.one('answer with a card', 'card')} ${words.text('answer', 230)}`;
  receiver = await openAnswering(cloud.ready.listen, answer);
  driven = await drive(cloud, marks);
  cloud.child.kill('SIGTERM');
  await once(cloud.child, 'close');
  state = await openState(folder);
  engine = await startEngine('us', 'us-east-1', state, chooseEngine());
  places = new Map([
    ...driven.replies,
    ...(await leftBehind()),
    ['console', [Buffer.concat(said)]],
    ['webhooks', receiver.arrivals],
  ]);
  verdict = compareWithAllowed(search(places, marks));
});
afterAll(async () => {
  receiver?.close();
  await engine?.stop();
  await cloud?.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** A cursor is ours; a prefix of live addresses is refused in test mode. */
const sentByAttackersAlone = / (?:cursor|live_prefix)$/;

describe('[DSR-3] what is sent', () => {
  it('goes through every operation, in each of its fields', () => {
    expect(Object.keys(requests).sort()).toEqual(operations.map(({ id }) => id).sort());
    const scene = { listen: '', words: wordsFor(createMarks(), ''), made: () => '', submission: () => '' };
    const missing = operations.flatMap(({ id, body, query }) => {
      const sent = [requests[id]?.(scene) ?? []].flat() as Request[];
      const names = new Set(sent.flatMap((each) => Object.keys({ ...each.body, ...each.query })));
      return [...entriesOf(body), ...entriesOf(query)]
        .filter((field) => !names.has(field))
        .map((field) => `${id} ${field}`);
    });
    expect(missing.filter((field) => !sentByAttackersAlone.test(field))).toEqual([]);
  });

  it('is answered as it should be, and delivered', () => {
    expect(driven.surprises).toEqual([]);
    expect(receiver.arrivals.length).toBeGreaterThan(20);
  });

  it('leaves something in each kind of place', () => {
    const kinds = ['log us-money', 'metric us-money', 'log us-access', 'queue us', 'bus us', 'engine us', 'ledger'];
    const tables = [
      'audit.address',
      'events.data',
      'payments.reply',
      'processor_events.received',
      'tenants.secret_hmac',
    ];
    for (const place of [...kinds, ...tables]) expect([...places.keys()]).toContain(place);
  });
});

describe('[DSR-3] [PCI-1] [PCI-3] [ENC-4] personal data, cards, bank accounts and secrets', () => {
  it('are nowhere but where they belong', () => {
    expect(verdict.misplaced).toEqual([]);
  });

  it('have no exception that is none any more: both lists only get shorter', () => {
    expect(verdict.needless).toEqual([]);
  });
});

describe('a leak', () => {
  let leaked: Places;
  const values = createMarks();
  beforeAll(async () => {
    for (const [place, plant] of Object.entries(plants)) {
      await plant({ state, engine }, values.make('email', place));
    }
    leaked = await leftBehind();
  });

  it.each(Object.keys(plants))('in %s would be found', (place) => {
    const found = search(new Map([...leaked].filter(([where]) => where === place)), values);
    expect(found).toContainEqual(expect.objectContaining({ where: place, kind: 'email', sentAs: place }));
    expect(compareWithAllowed(found).misplaced).toHaveLength(1);
  });
});
