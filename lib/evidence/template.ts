// What is read from synthesized templates: their resources, each with the path of the construct behind it. Everything that
// judges or describes a zone works on these, never on constructs, so that an escape hatch hides nothing.

// biome-ignore lint/suspicious/noExplicitAny: a template is whatever CloudFormation takes; readers test for the positive
export type Json = any;

export interface Resource {
  readonly type: string;
  readonly logicalId: string;
  /** Of the construct inside its zone, without CDK's own `Resource` and `Default`: `data/payments`. */
  readonly name: string;
  /** Of the construct in the app. */
  readonly path: string;
  readonly templateFile: string;
  /** Properties with intrinsic functions turned into text, `<construct>.<attribute>` for what only AWS knows. */
  readonly p: Json;
  readonly deletionPolicy: string | undefined;
  /** How CloudFormation changes it, where the template says so. */
  readonly updatePolicy: Json;
  /**
   * It stays when its stack is deleted, when a template no longer holds it and when another one replaces it. Only a creation
   * that fails takes it back, so that it can be tried again.
   */
  readonly outlives: boolean;
}

export interface StackTemplate {
  /** Path of the stack inside its zone. */
  readonly name: string;
  readonly template: Json;
  /** Logical id -> construct path in the app. */
  readonly paths: ReadonlyMap<string, string>;
  readonly templateFile: string;
  readonly region: string;
}

export interface ZoneTemplates {
  /** `<stage>-<zone>`, and of the zone's second region `<stage>-<zone>/second`. */
  readonly id: string;
  readonly region: string;
  /** Absent: only AWS knows. */
  readonly account: string | undefined;
  readonly stacks: ReadonlyMap<string, StackTemplate>;
  /** Of the zone's other region: what a stack of this one refers to across the two is there. */
  readonly otherRegion: Pick<ZoneTemplates, 'region' | 'stacks'> | undefined;
  readonly resources: readonly Resource[];
}

/** Part of a construct's path: where the stacks of a zone's second region stand (lib/stages/zone.ts). */
export const secondRegion = 'second';

/** Of a construct's path in the app. */
export const isInSecondRegion = (path: string): boolean => path.split('/')[1] === secondRegion;

/** `production-us/data/payments/Resource` and `production-us/second/data/payments/Resource` -> `data/payments`. */
export const nameOf = (path: string): string => {
  const [, first, ...rest] = path.split('/');
  return (first === secondRegion ? rest : [first, ...rest])
    .filter((part, index, parts) => index < parts.length - 1 || !['Resource', 'Default'].includes(part ?? ''))
    .join('/');
};

export const ofType = (zone: Pick<ZoneTemplates, 'resources'>, type: string): Resource[] =>
  zone.resources.filter((resource) => resource.type === type);

/** CloudFormation takes one value where a list may stand. */
export const listed = (value: Json): Json[] => (value === undefined || value === null ? [] : [value].flat());
