// The client of a tenant's or an operator's key. The key lives in a closure: a client has nothing that could be printed.

import { calls } from './calls.ts';
import { operations, type Strongroom } from './generated.ts';
import { type StrongroomSettings, settingsOf } from './settings.ts';

/** Throws a TypeError where the settings are wrong. */
export const strongroom = (settings: StrongroomSettings): Strongroom => operations(calls(settingsOf(settings)));
