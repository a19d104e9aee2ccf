// Every text of a template, resolved, with the path to it: properties, outputs, parameters, mappings, names of fields, and JSON
// that lies in a text. What cannot be read or resolved is yielded as a fault, never skipped.

import type { Json, StackTemplate, ZoneTemplates } from '../template.ts';
import { isIntrinsic, textsOf, Unresolved } from './resolve.ts';

export interface Found {
  readonly stack: StackTemplate;
  /** Absent outside of resources. */
  readonly type: string | undefined;
  /** Logical id of the resource, or the section of the template. */
  readonly at: string;
  /** Names of fields and indexes below it, with dots. */
  readonly path: string;
  /** Name of the nearest field. */
  readonly key: string;
  readonly text: string;
  /** Why there is no text. */
  readonly fault?: string;
}

type Place = Pick<Found, 'stack' | 'type' | 'at'>;

const below = (path: string, name: string | number): string => (path === '' ? String(name) : `${path}.${name}`);

const parsed = (text: string): Json => {
  try {
    return /^\s*[[{]/.test(text) ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
};

function* inText(zone: ZoneTemplates, place: Place, path: string, key: string, text: string): Generator<Found> {
  const json = parsed(text);
  if (typeof json === 'object' && json !== null) yield* inJson(zone, place, path, key, json);
  else yield { ...place, path, key, text };
}

/** JSON in a text: nothing in it is an intrinsic function any more. */
function* inJson(zone: ZoneTemplates, place: Place, path: string, key: string, value: Json): Generator<Found> {
  if (typeof value === 'string') yield* inText(zone, place, path, key, value);
  else if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) yield* inJson(zone, place, below(path, index), key, each);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, each] of Object.entries(value)) {
      yield { ...place, path, key: '', text: name };
      yield* inJson(zone, place, below(path, name), name, each);
    }
  } else yield { ...place, path, key, text: String(value) };
}

function* resolved(zone: ZoneTemplates, place: Place, path: string, key: string, value: Json): Generator<Found> {
  try {
    for (const text of textsOf(zone, place.stack, value)) yield* inText(zone, place, path, key, text);
  } catch (thrown) {
    if (!(thrown instanceof Unresolved)) throw thrown;
    yield { ...place, path, key, text: '', fault: thrown.message };
  }
}

function* inValue(zone: ZoneTemplates, place: Place, path: string, key: string, value: Json): Generator<Found> {
  if (typeof value !== 'object' || value === null || isIntrinsic(value)) yield* resolved(zone, place, path, key, value);
  else if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) yield* inValue(zone, place, below(path, index), key, each);
  } else {
    for (const [name, each] of Object.entries(value)) {
      yield { ...place, path, key: '', text: name };
      yield* inValue(zone, place, below(path, name), name, each);
    }
  }
}

/** Sections that hold nothing but what CloudFormation checks or shows; any other one that is not read below is a fault. */
const silent = ['AWSTemplateFormatVersion', 'Description'];
const read = ['Resources', 'Outputs', 'Parameters', 'Mappings', 'Conditions', 'Rules'];
/** The CDK's own: it reads the version of its bootstrap stack, and nothing in the template uses it. */
const bootstrap = { parameter: 'BootstrapVersion', rule: 'CheckBootstrapVersion' };

function* ofResources(zone: ZoneTemplates, stack: StackTemplate): Generator<Found> {
  for (const [at, { Type: type, ...rest }] of Object.entries(
    (stack.template.Resources ?? {}) as Record<string, Json>,
  )) {
    const { Properties = {}, Metadata = {}, DependsOn: _, Condition: __, ...attributes } = rest;
    const metadata = Object.entries(Metadata as Record<string, Json>).filter(([name]) => !name.startsWith('aws:'));
    yield* inValue(zone, { stack, type, at }, '', '', Properties);
    yield* inValue(zone, { stack, type, at }, 'Metadata', '', Object.fromEntries(metadata));
    yield* inValue(zone, { stack, type, at }, '', '', attributes);
  }
}

export function* foundIn(zone: ZoneTemplates, stack: StackTemplate): Generator<Found> {
  const { template } = stack;
  for (const section of Object.keys(template)) {
    if (!silent.includes(section) && !read.includes(section)) {
      yield { stack, type: undefined, at: section, path: '', key: '', text: '', fault: 'a section that is not known' };
    }
  }
  yield* ofResources(zone, stack);
  const named = (section: string): Record<string, Json> => template[section] ?? {};
  for (const [name, output] of Object.entries(named('Outputs'))) {
    yield* inValue(zone, { stack, type: undefined, at: 'Outputs' }, name, '', output);
  }
  for (const [name, parameter] of Object.entries(named('Parameters'))) {
    if (name === bootstrap.parameter) continue;
    yield* inValue(zone, { stack, type: undefined, at: 'Parameters' }, name, '', parameter);
  }
  for (const [name, map] of Object.entries(named('Mappings'))) {
    yield* inValue(zone, { stack, type: undefined, at: 'Mappings' }, name, '', map);
  }
  for (const name of Object.keys(named('Rules'))) {
    if (name !== bootstrap.rule) {
      yield { stack, type: undefined, at: 'Rules', path: name, key: '', text: '', fault: 'a rule that is not known' };
    }
  }
}
