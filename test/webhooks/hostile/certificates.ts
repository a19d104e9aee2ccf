// Certificates for tests, made anew in each run by an authority that nobody trusts: Node reads X.509 (RFC 5280) but makes
// none, so the few DER values that a certificate needs are written here. Worthless outside.

import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';

const der = (tag: number, ...contents: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
};
const sequence = (...contents: readonly Uint8Array[]) => der(0x30, ...contents);
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const octets = (content: Uint8Array) => der(0x04, content);
const bits = (content: Uint8Array) => der(0x03, Buffer.from([0]), content);
const yes = der(0x01, Buffer.from([0xff]));
const time = (ms: number) =>
  der(0x17, Buffer.from(`${new Date(ms).toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`, 'latin1'));

const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));
const nameOf = (commonName: string) =>
  sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(commonName, 'utf8')))));

const alternative = (host: string): Buffer => {
  if (isIP(host) === 4) return der(0x87, Buffer.from(host.split('.').map(Number)));
  return der(0x82, Buffer.from(host, 'latin1'));
};

interface Issuer {
  readonly name: string;
  readonly key: KeyObject;
}

interface Subject {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly authority: boolean;
  readonly validMs: readonly [from: number, to: number];
  readonly publicKey: KeyObject;
}

function certificate(issuer: Issuer, subject: Subject): string {
  const extensions = [
    sequence(oid('551d13'), yes, octets(subject.authority ? sequence(yes) : sequence())),
    ...(subject.hosts.length > 0 ? [sequence(oid('551d11'), octets(sequence(...subject.hosts.map(alternative))))] : []),
  ];
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ecdsaWithSha256,
    nameOf(issuer.name),
    sequence(...subject.validMs.map(time)),
    nameOf(subject.name),
    subject.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const signed = sequence(toBeSigned, ecdsaWithSha256, bits(sign('sha256', toBeSigned, issuer.key)));
  const lines = signed
    .toString('base64')
    .match(/.{1,64}/g)
    ?.join('\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

const dayMs = 86_400_000;
const keys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }) as string;

export interface Credentials {
  readonly cert: string;
  readonly key: string;
}

export interface Authority {
  readonly cert: string;
  /** A server's certificate; `validDays` from now. */
  issue(hosts: readonly string[], validDays?: readonly [number, number]): Credentials;
}

export function authority(name = 'Strongroom tests'): Authority {
  const own = keys();
  const now = Date.now();
  const days = ([from, to]: readonly [number, number]) => [now + from * dayMs, now + to * dayMs] as const;
  const self = { name, key: own.privateKey };
  return {
    cert: certificate(self, { name, hosts: [], authority: true, validMs: days([-2, 2]), publicKey: own.publicKey }),
    issue(hosts, validDays = [-1, 1]) {
      const { publicKey, privateKey } = keys();
      const subject = { name: 'server', hosts, authority: false, validMs: days(validDays), publicKey };
      return { cert: certificate(self, subject), key: pem(privateKey) };
    },
  };
}

/** Vouched for by nobody but itself. */
export function selfSigned(hosts: readonly string[]): Credentials {
  const { publicKey, privateKey } = keys();
  const now = Date.now();
  const subject = { name: 'server', hosts, authority: false, validMs: [now - dayMs, now + dayMs] as const, publicKey };
  return { cert: certificate({ name: 'server', key: privateKey }, subject), key: pem(privateKey) };
}
