// The signature, by the examples of AWS's own test suite for Signature Version 4.

import { expect, it } from 'vitest';
import { signedHeaders } from '../../cli/aws/sign.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const at = new Date(Date.UTC(2015, 7, 30, 12, 36));

it.each([
  ['GET', '/', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  ['GET', '/?Param2=value2&Param1=value1', 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500'],
  ['POST', '/', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
] as const)('%s %s is signed as AWS expects', (method, path, signature) => {
  const url = new URL(path, 'https://example.amazonaws.com');
  const request = { method, url, service: 'service', region: 'us-east-1', headers: {}, body: '' };
  expect(signedHeaders(request, credentials, at).authorization).toBe(
    `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
  );
});

it('a session token is signed and sent; the secret never is', () => {
  const url = new URL('https://sts.us-east-1.amazonaws.com/');
  const request = { method: 'POST', url, service: 'sts', region: 'us-east-1', headers: {}, body: 'Action=X' } as const;
  const headers = signedHeaders(request, { ...credentials, sessionToken: 'token' }, at);
  expect(headers['x-amz-security-token']).toBe('token');
  expect(headers.authorization).toContain('SignedHeaders=host;x-amz-date;x-amz-security-token,');
  expect(JSON.stringify(headers)).not.toContain(credentials.secretAccessKey);
});
