// The stacks that a region has, and their state, as CloudFormation lists them.

import { engineerLimits } from '../../contract/kernel/limits.ts';
import type { Template } from '../../lib/template.ts';
import { type Aws, AwsFailure, parsed } from './client.ts';

const version = '2010-05-15';

/** All states but DELETE_COMPLETE, which stays in the list for 90 days. */
const states = ['CREATE', 'ROLLBACK', 'DELETE', 'UPDATE', 'UPDATE_ROLLBACK', 'IMPORT', 'IMPORT_ROLLBACK']
  .flatMap((what) => [`${what}_IN_PROGRESS`, `${what}_COMPLETE`, `${what}_FAILED`])
  .concat('REVIEW_IN_PROGRESS', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS')
  .filter((state) => state !== 'DELETE_COMPLETE' && state !== 'IMPORT_FAILED');

const filter = Object.fromEntries(states.map((state, at) => [`StackStatusFilter.member.${at + 1}`, state]));

/** The text of an element without elements of its own. */
export const fieldIn = (xml: string, name: string): string | undefined =>
  new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];

/** Name -> state. */
export async function stacksIn(aws: Aws, region: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  let token: string | undefined;
  for (let page = 0; page < engineerLimits.pages; page += 1) {
    const input = { ...filter, ...(token !== undefined && { NextToken: token }) };
    const xml = await aws.query('cloudformation', region, version, 'ListStacks', input);
    for (const member of xml.split('<member>').slice(1)) {
      const [name, state] = [fieldIn(member, 'StackName'), fieldIn(member, 'StackStatus')];
      if (name !== undefined && state !== undefined) found.set(name, state);
    }
    token = fieldIn(xml, 'NextToken');
    if (token === undefined) return found;
  }
  throw new AwsFailure('too many', `more than ${engineerLimits.pages} pages of stacks`);
}

export interface DeployedStack {
  readonly protected: boolean;
  /** Its outputs, name -> value. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** Null: there is no such stack. */
export async function describeStack(aws: Aws, region: string, stack: string): Promise<DeployedStack | null> {
  try {
    const xml = await aws.query('cloudformation', region, version, 'DescribeStacks', { StackName: stack });
    const outputs = xml
      .split('<OutputKey>')
      .slice(1)
      .map((part) => {
        const value = fieldIn(part, 'OutputValue') ?? '';
        return [part.slice(0, part.indexOf('<')), unescapeXml(value)] as const;
      });
    return { protected: fieldIn(xml, 'EnableTerminationProtection') === 'true', outputs: Object.fromEntries(outputs) };
  } catch (error) {
    if (error instanceof AwsFailure && error.code === 'ValidationError') return null;
    throw error;
  }
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

export const unescapeXml = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(lt|gt|amp|quot|apos));/gi, (_, hex, decimal, name) =>
    name !== undefined
      ? (entities[name] ?? '')
      : String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)),
  );

/** The template that a stack was deployed with; null: there is no such stack. */
export async function deployedTemplate(aws: Aws, region: string, stack: string): Promise<Template | null> {
  try {
    const xml = await aws.query('cloudformation', region, version, 'GetTemplate', { StackName: stack });
    return parsed(unescapeXml(fieldIn(xml, 'TemplateBody') ?? ''));
  } catch (error) {
    if (error instanceof AwsFailure && error.code === 'ValidationError') return null;
    throw error;
  }
}
