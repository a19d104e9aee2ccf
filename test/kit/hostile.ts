// Values that callers should not send, for properties over every operation: text that is no text, numbers in every spelling,
// times and addresses that do not exist; and bodies in which one place holds such a value.

import fc from 'fast-check';

const odd =
  '\ud800 \udc00 \u0000 \u007f \u00ad \u034f \u061c \u180e \u200b \u202e \u2066 \ufe0f \ufeff \u0301 \u{e0001} 🔑 % / \\ " 9';
const strings = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: fc.constantFrom(...odd.split(' ')), maxLength: 30 }),
  fc.constantFrom('', ' ', '__proto__', 'constructor', '../..', 'null', 'x'.repeat(3_000), '🔑'.repeat(2_100)),
  fc.constantFrom('9999-12-31T23:59:59-23:59', '2030-02-30T00:00:00Z', '0000-01-01T00:00:00Z', '2030-01-01'),
  fc.constantFrom('fe80:%a', '::1%', '1.2.3.4/33', '::/129', '::ffff:1.2.3', '01.2.3.4', '0.0.0.0/0'),
);

/** JSON texts of numbers, as other writers of JSON spell them. */
const numbers = fc.oneof(
  fc.constantFrom('1e2', '100.0', '-0', '1E400', '99.99999999999999999', '9007199254740993', '-1', '1e-400'),
  fc.double({ noDefaultInfinity: true, noNaN: true }).map(String),
  fc.bigInt().map(String),
);

/** JSON texts of any value. */
export const hostileJson: fc.Arbitrary<string> = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    strings.map((text) => JSON.stringify(text)),
    numbers,
    fc.constantFrom('true', 'null', '[]', '{}'),
    fc.array(tie('any'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
    fc
      .array(fc.tuple(strings, tie('any')), { maxLength: 3 })
      .map((members) => `{${members.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`),
  ),
})).any;

/** Bodies of an operation in which one member is such a value. */
export const hostileBody = (example: object): fc.Arbitrary<string> =>
  fc.tuple(fc.oneof(fc.constantFrom(...Object.keys(example), 'metadata', 'unknown'), strings), hostileJson).map(
    ([name, value]) =>
      `{${[...Object.entries(example)]
        .filter(([each]) => each !== name)
        .map(([each, sound]) => `${JSON.stringify(each)}:${JSON.stringify(sound)},`)
        .join('')}${JSON.stringify(name)}:${value}}`,
  );
