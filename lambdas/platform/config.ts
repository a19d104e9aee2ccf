// The environment, read in one place and nowhere else. A missing variable is a defect of the deployment: it is named,
// never replaced by a default.

import { variables } from '../../contract/environment.ts';
import type { KmsKeyName, PlatformSecretName } from '../../contract/keys.ts';
import type { TableName } from '../../contract/tables.ts';
import { type ZoneName, zones } from '../../contract/zones.ts';
import { Defect } from '../domain/refusal.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Config {
  readonly functionName: string;
  readonly stage: string;
  readonly zone: ZoneName;
  readonly region: string;
  readonly epoch: number;
  readonly testProcessorUrl: string;
  baseUrl(zone: ZoneName): string | undefined;
  table(name: TableName): string;
  key(name: KmsKeyName): string;
  secret(name: PlatformSecretName): string;
}

export function readConfig(environment: Environment): Config {
  const need = (name: string): string => {
    const value = environment[name];
    if (value === undefined || value === '') throw new Defect(`environment variable ${name} is missing`);
    return value;
  };
  return {
    get functionName() {
      return need('AWS_LAMBDA_FUNCTION_NAME');
    },
    get stage() {
      return need(variables.stage);
    },
    get zone() {
      const zone = need(variables.zone);
      if (!Object.hasOwn(zones, zone)) throw new Defect(`environment variable ${variables.zone} names no zone`);
      return zone as ZoneName;
    },
    get region() {
      return need('AWS_REGION');
    },
    get epoch() {
      return Number(need(variables.epoch));
    },
    get testProcessorUrl() {
      return need(variables.testProcessorUrl);
    },
    baseUrl(zone) {
      const urls: unknown = JSON.parse(need(variables.baseUrls));
      const url = typeof urls === 'object' && urls !== null ? (urls as Record<string, unknown>)[zone] : undefined;
      return typeof url === 'string' ? url : undefined;
    },
    table: (name) => need(variables.table(name)),
    key: (name) => need(variables.key(name)),
    secret: (name) => need(variables.secret(name)),
  };
}
