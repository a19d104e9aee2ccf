// Identifiers: `<prefix>_<zone>_<26 characters>`. The last part is lower-case base32 (RFC 4648, unpadded).
// An id names; it never grants: those of created objects are hashes of what the caller sent (docs/decisions/0002).

import { type IdKind, idPrefixes } from './vocabulary.ts';
import { zoneNames } from './zones.ts';

export const idBodyChars = 26;
export const idAlphabet = 'abcdefghijklmnopqrstuvwxyz234567';

export const idPattern = (kind: IdKind): RegExp =>
  new RegExp(`^${idPrefixes[kind]}_(?:${zoneNames.join('|')})_[a-z2-7]{${idBodyChars}}$`);
