// What stands before the API: the web ACL and its log. The API's stage joins it as it is made, so that it is never open
// without it.

import { type aws_kms as kms, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { addWebAcl } from '../constructs/web_acl.ts';
import type { ZoneDeployment } from '../derive/names.ts';

export interface EdgeProps extends StackProps {
  readonly place: ZoneDeployment;
  readonly key: kms.IKey;
}

export class EdgeStack extends Stack {
  readonly webAclArn: string;

  constructor(scope: Construct, id: string, { place, key, ...props }: EdgeProps) {
    super(scope, id, props);
    this.webAclArn = addWebAcl(this, { place, key });
  }
}
