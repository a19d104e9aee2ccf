// One API Gateway method per row of the operation table, each behind the authorizer; one per public page, open to anybody;
// and the ingress, where a processor's signature stands for a credential. What has no row has no route; whatever other method a
// path is asked for is answered 405.

import { aws_apigateway as apigateway, aws_lambda as lambda, type Stack } from 'aws-cdk-lib';
import { type FunctionName, operations } from '../../contract/capabilities.ts';
import { otherMethods, pages } from '../../contract/docs/pages.ts';
import { ingress } from '../../contract/processor_events/ingress.ts';
import { answeringArn } from './live_alias.ts';
import type { ZoneDeployment } from './names.ts';

export interface Routes {
  readonly stack: Stack;
  readonly deployment: ZoneDeployment;
  readonly api: apigateway.RestApi;
  readonly authorizer: apigateway.IAuthorizer;
}

export function addRoutes({ stack, deployment, api, authorizer }: Routes): void {
  const integration = (name: FunctionName): apigateway.AwsIntegration =>
    new apigateway.AwsIntegration({
      service: 'lambda',
      path: `2015-03-31/functions/${answeringArn(stack, deployment, name)}/invocations`,
      proxy: true,
    });
  for (const operation of operations) {
    api.root.resourceForPath(operation.path).addMethod(operation.method, integration(operation.function), {
      authorizer,
      authorizationType: apigateway.AuthorizationType.CUSTOM,
      operationName: operation.id,
      // Without a key that the authorizer named, nobody passes uncounted.
      apiKeyRequired: true,
    });
  }

  for (const [name, page] of Object.entries(pages)) {
    api.root.resourceForPath(page.path).addMethod(page.method, integration(page.function), {
      authorizationType: apigateway.AuthorizationType.NONE,
      operationName: `pages/${name}`,
    });
  }

  // Processors have no key of ours. Its function verifies their signature over the bytes that came, before anything else.
  api.root.resourceForPath(ingress.path).addMethod(ingress.method, integration(ingress.function), {
    authorizationType: apigateway.AuthorizationType.NONE,
    operationName: ingress.id,
  });

  for (const path of new Set([...operations, ...Object.values(pages), ingress].map((row) => row.path))) {
    api.root.resourceForPath(path).addMethod(otherMethods.method, integration(otherMethods.function), {
      authorizationType: apigateway.AuthorizationType.NONE,
      operationName: otherMethods.id,
    });
  }

  // One permission per function, since a function's policy is limited to 20 KB; for this stage of this API alone, so
  // that the console's test calls, which skip the authorizer, reach nothing.
  for (const name of new Set([...operations, ...Object.values(pages), ingress].map((row) => row.function))) {
    new lambda.CfnPermission(stack, `${name}-called-by-api`, {
      action: 'lambda:InvokeFunction',
      functionName: answeringArn(stack, deployment, name),
      principal: 'apigateway.amazonaws.com',
      sourceArn: stack.formatArn({
        service: 'execute-api',
        resource: api.restApiId,
        resourceName: `${api.deploymentStage.stageName}/*/*`,
      }),
    });
  }
}
