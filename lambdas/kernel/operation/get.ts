// Reads the object that a path names, strongly consistent: a merchant sees what it has just done.

import type { Operation } from '../../../contract/capabilities.ts';
import { serialize } from '../domain/serialize.ts';
import type { NamedRow } from '../store/row.ts';
import { type HandlerPorts, read } from './call.ts';
import { namedPresent } from './named.ts';
import { identity, type Opening } from './page.ts';
import { type Route, route } from './route.ts';

/** `open` opens what lies sealed in the object. */
export const get = <O extends Operation, T>(
  operation: O,
  type: NamedRow<T>,
  open: Opening<T> = identity,
): Route<HandlerPorts> =>
  route(operation, async (call, { platform, keyring }) => {
    const { value } = await namedPresent(platform, call, type);
    return read(serialize(operation.reply, await open(value, keyring, platform)));
  });
