// Tables and time to live: what a definition must say, and what is said of a table.

import { attributes, type Deviations, index, invalid, plainTable, schema } from './rows.ts';

const hash = { ...plainTable, KeySchema: schema('pk'), AttributeDefinitions: attributes('pk') };
const withG = { ...hash, AttributeDefinitions: attributes('pk', 'g') };
const stream = (more: object): object => ({ ...hash, StreamSpecification: { StreamEnabled: true, ...more } });

export const definitions: readonly (readonly [rule: string, input: object, error: string | undefined, Deviations?])[] =
  [
    ['a partition key', hash, undefined],
    ['a sort key', plainTable, undefined],
    ['a global index', { ...withG, GlobalSecondaryIndexes: [index('gsi', 'g', undefined, 'ALL')] }, undefined],
    ['a stream', stream({ StreamViewType: 'KEYS_ONLY' }), undefined],
    [
      'provisioned capacity',
      { ...hash, BillingMode: 'PROVISIONED', ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } },
      undefined,
    ],
    ['a name of two letters', { ...hash, TableName: 'ab' }, invalid],
    ['a name with spaces', { ...hash, TableName: 'a b c' }, invalid],
    ['no key', { ...hash, KeySchema: [] }, invalid],
    ['the sort key first', { ...hash, KeySchema: [{ AttributeName: 'pk', KeyType: 'RANGE' }] }, invalid],
    ['one attribute as both keys', { ...hash, KeySchema: schema('pk', 'pk') }, invalid],
    ['a key that is not defined', { ...hash, AttributeDefinitions: [] }, invalid],
    ['an attribute that is not used', { ...hash, AttributeDefinitions: attributes('pk', 'x') }, invalid],
    ['a key that is a map', { ...hash, AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'M' }] }, invalid],
    ['provisioned capacity that is not told', { ...hash, BillingMode: 'PROVISIONED' }, invalid],
    [
      'two indexes of one name',
      { ...withG, GlobalSecondaryIndexes: [index('gsi', 'g', undefined, 'ALL'), index('gsi', 'g', undefined, 'ALL')] },
      invalid,
    ],
    [
      '21 global indexes',
      {
        ...withG,
        GlobalSecondaryIndexes: Array.from({ length: 21 }, (_, at) => index(`gsi${at}`, 'g', undefined, 'ALL')),
      },
      invalid,
    ],
    ['no indexes, said aloud', { ...hash, GlobalSecondaryIndexes: [] }, invalid],
    [
      'a local index without a sort key',
      { ...withG, LocalSecondaryIndexes: [index('lsi', 'g', undefined, 'ALL')] },
      invalid,
    ],
    [
      'an index that includes nothing',
      { ...withG, GlobalSecondaryIndexes: [index('gsi', 'g', undefined, 'INCLUDE')] },
      invalid,
    ],
    ['a stream without a view', stream({}), invalid, { dynoxide: 'takes a stream without a view' }],
  ];

export const lifetimes: readonly (readonly [
  rule: string,
  specification: object | undefined,
  gives: object,
  Deviations?,
])[] = [
  ['is off at first', undefined, { TimeToLiveDescription: { TimeToLiveStatus: 'DISABLED' } }],
  [
    'is not turned off when it is off',
    { AttributeName: 'ttl', Enabled: false },
    { error: invalid },
    { dynoxide: 'does so all the same' },
  ],
  [
    'is turned on',
    { AttributeName: 'ttl', Enabled: true },
    { TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true } },
  ],
  ['is on', undefined, { TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'ttl' } }],
  [
    'is not turned on twice',
    { AttributeName: 'ttl', Enabled: true },
    { error: invalid },
    { dynoxide: 'does so all the same' },
  ],
  ['is of one attribute', { AttributeName: 'other', Enabled: true }, { error: invalid }],
  [
    'is turned off',
    { AttributeName: 'ttl', Enabled: false },
    { TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: false } },
  ],
];
