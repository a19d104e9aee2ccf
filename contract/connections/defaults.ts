// Which connections take a live payment that names none, by currency.

import * as v from 'valibot';
import { currencies } from '../kernel/currencies.ts';
import { Id, Mode, Timestamp } from '../kernel/fields.ts';
import { connectionLimits as limits } from './limits.ts';

const Connections = v.pipe(
  v.array(Id('connection')),
  v.minLength(1, 'Expected at least one connection'),
  v.maxLength(limits.defaultsPerCurrency),
  v.check((list) => new Set(list).size === list.length, 'Expected each connection once'),
);

const CurrencyOrAny = v.pipe(
  v.string(),
  v.check((each) => each === '*' || currencies.includes(each), 'Expected a currency of today (ISO 4217), or *'),
);

/** By ISO 4217 currency, and for every other one by `*`: the connections in the order in which they are taken. */
const Currencies = v.pipe(v.record(CurrencyOrAny, Connections), v.maxEntries(limits.defaultCurrencies));

export const SetConnectionDefaults = v.strictObject({ currencies: Currencies });

export const ConnectionDefaults = v.object({
  id: Id('connection_defaults'),
  object: v.literal('connection_defaults'),
  mode: Mode,
  currencies: v.record(v.string(), v.array(Id('connection'))),
  updated_at: v.nullable(Timestamp),
});
