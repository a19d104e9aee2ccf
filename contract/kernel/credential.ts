// The form of API credentials: `sk_<test|live>_<zone>_<id>_<secret><checksum>`, `pk_…` alike, which anybody may see, and
// `ok_<zone>_<id>_<secret><checksum>`, whose last parts are lower-case base32. Whoever has the form may still have made it up: only the authorizer knows.

import { idBodyChars } from './ids.ts';
import { modes } from './roles.ts';
import type { ZoneName } from './zones.ts';

/** 192 random bits. */
export const secretBytes = 24;
const secretChars = Math.ceil((secretBytes * 8) / 5);
/** 32 bits (CRC-32), so that a scanner recognises a leak offline. */
export const checksumChars = 7;

/**
 * As a pattern without anchors, with the parts as its groups: mode, zone, id, secret, checksum. `keys`: "sk" for those that are
 * secret, "pk" for those that are not.
 */
export const credentialPattern = (zones: readonly ZoneName[], keys = 'sk'): string =>
  `(?:${keys}_(${modes.join('|')})|ok)_(${zones.join('|')})_([a-z2-7]{${idBodyChars}})_` +
  `([a-z2-7]{${secretChars}})([a-z2-7]{${checksumChars}})`;
