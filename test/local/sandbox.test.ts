// The sandbox on one machine: its templates run without the parts that it goes without.

import { expect, test } from 'vitest';
import { functions } from '../../contract/capabilities.ts';
import { profiles } from '../../lib/derive/profile.ts';
import { readApi } from '../../local/apigateway/model.ts';
import { checkDeployment } from '../../local/cloud/deployment_check.ts';
import { readAssembly } from '../../local/cloudformation/assembly.ts';
import { deploy } from '../../local/cloudformation/deployment.ts';
import { readPolicies } from '../../local/iam/policies.ts';
import { isInVpc } from '../../local/lambda/function.ts';
import { readWebAcl } from '../../local/waf/model.ts';
import { assembly } from '../kit/run.ts';

const [zone, ...others] = readAssembly(await assembly(), 'sandbox');
if (zone === undefined || others.length > 0) throw new Error('a sandbox has one zone');
const deployment = deploy(zone, { TestProcessorUrl: 'http://127.0.0.1:9', BaseUrls: '{}' });

test('[IAM-1] its roles, keys and policies are such that AWS would deploy it', () => {
  expect(() => checkDeployment(deployment, readPolicies(deployment))).not.toThrow();
});

test('no function of it is in a VPC, so that no endpoint’s policy is asked, and nothing stands before its API but the throttle', () => {
  const lambdas = deployment.of('AWS::Lambda::Function');
  expect(lambdas).toHaveLength(Object.keys(functions).length);
  expect(lambdas.filter(isInVpc)).toEqual([]);
  expect(readWebAcl(deployment)).toBeUndefined();
  const { requestsPerSecond, burstRequests } = profiles.sandbox.throttle.api;
  expect(readApi(deployment).throttle).toEqual({ rate: requestsPerSecond, burst: burstRequests });
});
