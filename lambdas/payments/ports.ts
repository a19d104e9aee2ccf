// What moving money needs beside what every function may be given: connections, and the processors behind them.

import { type Connections, cachedConnections } from '../connections/cached.ts';
import type { CreatePorts } from '../kernel/operation/create.ts';
import { type Ports, portsOf } from '../kernel/operation/ports.ts';
import type { Platform } from '../kernel/platform/platform.ts';
import { connectionHealth, type NoteAnswer } from './connection_health.ts';
import { type ProcessorOf, processors, processorTransports, type Transports } from './create_processor.ts';

export interface MoneyPorts extends CreatePorts {
  /** It opens saved payment methods, and makes no keys. */
  readonly subjects: Pick<Ports['subjects'], 'unwrap'>;
  readonly connections: Connections;
  readonly processorOf: ProcessorOf;
  readonly noteAnswer: NoteAnswer;
}

/** Other `transports` are for what stands in for the providers. */
export function moneyPorts(platform: Platform, transports: Transports = processorTransports()): MoneyPorts {
  const ports = portsOf(platform);
  const connections = cachedConnections(platform);
  return {
    ...ports,
    connections,
    noteAnswer: connectionHealth(platform),
    processorOf: processors({ platform, secrets: ports.secrets, connections, transports }),
  };
}
