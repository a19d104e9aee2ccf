// One API Gateway method per row of the operation table, each behind the authorizer. There is no catch-all: what has no
// row has no route.

import { aws_apigateway as apigateway, aws_iam as iam, type aws_lambda as lambda, type Stack } from 'aws-cdk-lib';
import type { FunctionName } from '../../contract/functions.ts';
import { operations } from '../../contract/operations/table.ts';

export interface Routes {
  readonly stack: Stack;
  readonly api: apigateway.RestApi;
  readonly authorizer: apigateway.IAuthorizer;
  readonly functions: Readonly<Record<FunctionName, lambda.Function>>;
}

export function addRoutes({ stack, api, authorizer, functions }: Routes): void {
  for (const operation of operations) {
    const integration = new apigateway.AwsIntegration({
      service: 'lambda',
      path: `2015-03-31/functions/${functions[operation.function].functionArn}/invocations`,
      proxy: true,
    });
    api.root.resourceForPath(operation.path).addMethod(operation.method, integration, {
      authorizer,
      authorizationType: apigateway.AuthorizationType.CUSTOM,
      operationName: operation.id,
    });
  }

  // One permission per function, since a function's policy is limited to 20 KB; for this stage of this API alone, so
  // that the console's test calls, which skip the authorizer, reach nothing.
  for (const name of new Set(operations.map((operation) => operation.function))) {
    functions[name].addPermission('CalledByApi', {
      principal: new iam.ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: stack.formatArn({
        service: 'execute-api',
        resource: api.restApiId,
        resourceName: `${api.deploymentStage.stageName}/*/*`,
      }),
    });
  }
}
