// Top-level labels under which no public host lives: whoever resolves one is answered by a resolver's own rules. Sources:
// IANA's special-use domain names, and what ICANN never delegates (as known in 2026-11).

export const specialUseLabels: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'alt', // RFC 9476
  'arpa', // infrastructure: home.arpa (RFC 8375), reverse names, ipv4only.arpa (RFC 8880), resolver.arpa (RFC 9462) …
  'example', // RFC 6761
  'internal', // ICANN, 2024-07; names of clouds' own networks
  'invalid', // RFC 6761
  'local', // RFC 6762
  'localhost', // RFC 6761
  'onion', // RFC 7686
  'test', // RFC 6761
  // Used in private networks (RFC 6762, appendix G; ICANN, 2018-02: corp, home, mail)
  'corp',
  'home',
  'intranet',
  'lan',
  'localdomain',
  'mail',
  'private',
]);
