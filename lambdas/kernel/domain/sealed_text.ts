// What lies sealed in an object, as the domain holds it: bytes that it can neither read nor print.

import * as v from 'valibot';

/** A sealed T: bytes that may be stored anywhere. Opening needs the key and the place. */
export type Sealed<T> = Uint8Array & { readonly __sealed?: T };

export const SealedText = v.custom<Sealed<string>>((value) => value instanceof Uint8Array);
