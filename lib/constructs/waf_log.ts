// The web ACL's log: every request with its outcome, encrypted, for a year, in the zone. The path, the query and
// the credential are redacted before they are written.

import { ArnFormat, type aws_kms as kms, aws_logs as logs, type Stack, aws_wafv2 as wafv2 } from 'aws-cdk-lib';
import { wafLogGroupName, type ZoneDeployment } from '../derive/names.ts';
import { profileOf } from '../derive/profile.ts';
import { removalOf } from '../derive/removal.ts';

export interface WafLogProps {
  readonly deployment: ZoneDeployment;
  readonly key: kms.IKey;
  readonly webAclArn: string;
}

export function addWafLog(stack: Stack, { deployment, key, webAclArn }: WafLogProps): void {
  const logGroupName = wafLogGroupName(deployment);
  const group = new logs.LogGroup(stack, 'waf-logs', {
    logGroupName,
    encryptionKey: key,
    retention: profileOf(deployment).logDays,
    removalPolicy: removalOf(deployment),
  });
  const arn = (resourceName: string): string =>
    stack.formatArn({
      service: 'logs',
      resource: 'log-group',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      resourceName,
    });
  const configuration = new wafv2.CfnLoggingConfiguration(stack, 'waf-log', {
    resourceArn: webAclArn,
    // WAF takes the group's ARN without the `:*` that CloudFormation puts behind it.
    logDestinationConfigs: [arn(logGroupName)],
    redactedFields: [{ singleHeader: { Name: 'authorization' } }, { uriPath: {} }, { queryString: {} }],
  });
  configuration.node.addDependency(group);
}
