// The web ACL in front of the API, and its log. The API's stage is associated with it when it is made, so that it is never
// open without it.

import { type aws_kms as kms, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { addWebAcl } from '../constructs/web_acl.ts';
import type { ZoneDeployment } from '../derive/names.ts';

export interface EdgeProps extends StackProps {
  readonly deployment: ZoneDeployment;
  readonly key: kms.IKey;
}

export class EdgeStack extends Stack {
  readonly webAclArn: string;

  constructor(scope: Construct, id: string, { deployment, key, ...props }: EdgeProps) {
    super(scope, id, props);
    this.webAclArn = addWebAcl(this, { deployment, key });
  }
}
