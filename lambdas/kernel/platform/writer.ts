// Whether this region takes writes, as functions ask it. How it is known says store/writer.ts.

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Refusal } from '../domain/refusal.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';

export interface Writer {
  /**
   * The epoch that a write bears. A write that begins now lands before the lease ends, by every clock of the zone. Refuses with
   * `region_standby` where this region is not the writer, or may not be by then.
   */
  epoch(): Promise<number>;
  /** Null: nobody's lease is known to run. */
  holder(): Promise<string | null>;
}

export interface LeasePlatform {
  readonly clock: Clock;
  readonly config: Pick<Config, 'region' | 'table' | 'writer' | 'zone'>;
  readonly dynamodb: DynamoDBClient;
}

/** For what runs by a schedule, a stream or a queue, and is left to the region that takes writes. */
export async function isWriter(writer: Writer): Promise<boolean> {
  try {
    await writer.epoch();
    return true;
  } catch (error) {
    if (error instanceof Refusal && error.code === 'region_standby') return false;
    throw error;
  }
}
