// Identifiers whose digits may look like an account number and are none: UUIDs, and numbers in hexadecimal with colons between
// them, as network addresses (RFC 5952) and fingerprints of certificates.

const uuids = /(?<![0-9a-z])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9a-z])/gi;
const colonHex = /(?<![0-9a-z:])[0-9a-f]{0,4}(?::{1,2}[0-9a-f]{1,4}){2,}(?![0-9a-z:])/gi;
const addressGroups = 6;

export const withoutIdentifiers = (text: string): string =>
  text
    .replace(uuids, 'x')
    .replace(colonHex, (run) =>
      run.split('::').length === 2 || (/[a-f]/i.test(run) && run.split(':').length >= addressGroups) ? 'x' : run,
    );
