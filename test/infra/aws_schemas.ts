// AWS's own schemas of resource types, as the CDK's command line brings them along.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Json } from '../../lib/evidence/template.ts';

const file = join(import.meta.dirname, '..', '..', 'node_modules', 'aws-cdk', 'db.json.gz');
const { schema } = JSON.parse(gunzipSync(readFileSync(file)).toString());

const types = new Map<string, Json>(schema.resource.entities.map((each: Json) => [each.cloudFormationType, each]));
const definitions = new Map<string, Json>(schema.typeDefinition.entities.map((each: Json) => [each.$id, each]));

/** Undefined: AWS knows no such type, as it knows none of our own. */
export const schemaOf = (type: string): Json => types.get(type);

/** The fields of a property that is an object. */
export const fieldsOf = (type: string, property: string): string[] =>
  Object.keys(definitions.get(schemaOf(type).properties[property].type.reference.$ref).properties);
