// Functions of the relay: each is a trust boundary, and its row all that it may do.

import { asksForWriter, type FunctionRow, withFact } from '../kernel/function.ts';
import { relayLimits } from './limits.ts';

/** `relayed`: the tables whose facts it reads. */
export const functions = <Table extends string>(relayed: readonly Table[]) =>
  ({
    relay: {
      purpose: 'turns committed facts into events, audit entries and bus events',
      impact: 'events, audit entries and what follows from them are late; nothing is lost',
      trigger: {
        kind: 'streams',
        tables: relayed,
        batchRecords: relayLimits.batchRecords,
        eventFilters: { webhooks: withFact, maintenance: withFact },
      },
      memoryMiB: 1024,
      timeoutMs: 30_000,
      network: 'isolated',
      tables: [
        asksForWriter,
        { table: 'events', verbs: ['PartiQLInsert'] },
        { table: 'audit', verbs: ['PartiQLInsert'] },
        { table: 'webhooks', verbs: ['GetItem'] },
      ],
      keys: {},
      secrets: [],
      sends: ['deliveries'],
      publishes: true,
      countedMessages: ['record_unreadable', 'fact_forged', 'update_lost'],
    },
  }) as const satisfies Record<string, FunctionRow>;
