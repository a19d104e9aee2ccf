// What was sealed as JSON and has not its form is a defect that names it, and says nothing of what is in it.

import * as v from 'valibot';
import { expect, it } from 'vitest';
import { parseSealed } from '../../../lambdas/kernel/crypto/sealed_json.ts';
import { Defect } from '../../../lambdas/kernel/domain/refusal.ts';

const Person = v.object({ name: v.string() });

it('[ENC-2] what has its form is parsed, and nothing that the form does not name', () => {
  expect(parseSealed(Person, '{"name":"Zoë","age":7}', 'a person')).toEqual({ name: 'Zoë' });
});

it.each(['', 'Zoë', '{"name":7}', '[]', 'null'])('[ENC-2] %j is a defect', (opened) => {
  expect(() => parseSealed(Person, opened, 'a person')).toThrow(new Defect('a person has not its form'));
});
