// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub’s own syntax

import { expect, test } from 'vitest';
import { deploy } from '../../local/cloudformation/deployment.ts';
import { resource, stack, zoneOf } from './stacks.ts';

const evaluate = (value: unknown, rest = {}): unknown => {
  const deployment = deploy(
    zoneOf(
      stack(
        'other',
        {},
        { Outputs: { Out: { Value: { 'Fn::Join': ['-', ['a', 'b']] }, Export: { Name: 'exported' } } } },
      ),
      stack('main', { L: resource('AWS::Logs::LogGroup', { value }), Key: resource('AWS::KMS::Key') }, rest),
    ),
    { Given: 'told' },
  );
  return deployment.of('AWS::Logs::LogGroup')[0]?.properties().value;
};

const keyArn = /^arn:aws:kms:us-east-1:000000000000:key\/[0-9a-f-]{36}$/;

test('pseudo parameters name the local account and the region of the stack', () => {
  expect(evaluate({ 'Fn::Sub': '${AWS::Partition}:${AWS::Region}:${AWS::AccountId}:${!literal}' })).toBe(
    'aws:us-east-1:000000000000:${literal}',
  );
});

test('Ref returns the value of a parameter, else its default, and of a resource its name', () => {
  const rest = { Parameters: { Given: { Type: 'String', Default: 'x' }, Other: { Type: 'String', Default: 'y' } } };
  expect(evaluate([{ Ref: 'Given' }, { Ref: 'Other' }, { Ref: 'L' }], rest)).toEqual(['told', 'y', 'main-L']);
});

test('a parameter without a value is refused by name', () => {
  expect(() => evaluate({ Ref: 'Open' }, { Parameters: { Open: { Type: 'String' } } })).toThrow(/main.*Open/);
});

test('GetAtt gives attributes of resources in either spelling', () => {
  expect(evaluate({ 'Fn::GetAtt': ['Key', 'Arn'] })).toMatch(keyArn);
  expect(evaluate({ 'Fn::GetAtt': 'Key.Arn' })).toMatch(keyArn);
  expect(evaluate({ 'Fn::Sub': ['${k}/${Key.Arn}', { k: 'v' }] })).toMatch(/^v\/arn:aws:kms/);
});

test('values of other stacks come through outputs and exports', () => {
  expect(evaluate({ 'Fn::ImportValue': 'exported' })).toBe('a-b');
  expect(evaluate({ 'Fn::GetStackOutput': { StackName: 'other', OutputName: 'Out', Region: 'us-east-1' } })).toBe(
    'a-b',
  );
  expect(() => evaluate({ 'Fn::GetStackOutput': { StackName: 'gone', OutputName: 'Out' } })).toThrow(/gone/);
});

test('Select, Split, FindInMap and conditions', () => {
  const rest = {
    Mappings: { M: { top: { second: 7 } } },
    Conditions: { C: { 'Fn::Equals': ['a', 'a'] }, D: { 'Fn::Not': [{ Condition: 'C' }] } },
  };
  expect(evaluate({ 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b:c'] }] }, rest)).toBe('b');
  expect(evaluate({ 'Fn::FindInMap': ['M', 'top', 'second'] }, rest)).toBe(7);
  expect(evaluate({ 'Fn::If': ['D', 'then', 'else'] }, rest)).toBe('else');
  expect(evaluate({ present: 1, gone: { 'Fn::If': ['C', { Ref: 'AWS::NoValue' }, 'x'] } }, rest)).toEqual({
    present: 1,
  });
});

test('an intrinsic function that is not run is refused, never a value', () => {
  expect(() => evaluate({ 'Fn::Cidr': ['10.0.0.0/8', 2, 8] })).toThrow(/Fn::Cidr is not run locally/);
});

test('a resource type that is neither run nor known to be skippable stops the boot and is named', () => {
  const zone = zoneOf(stack('edge', { Wall: resource('AWS::Unheard::Of') }));
  expect(() => deploy(zone, {})).toThrow(/stack edge: resource Wall is of type AWS::Unheard::Of/);
});

test('names and ids are the same at every start', () => {
  expect(evaluate({ 'Fn::GetAtt': ['Key', 'Arn'] })).toBe(evaluate({ 'Fn::GetAtt': ['Key', 'Arn'] }));
});
