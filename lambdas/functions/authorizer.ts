// Trust boundary `authorizer`: tells who calls.

import { authorizer } from '../http/authorizer.ts';
import { lambdaPlatform } from '../platform/platform.ts';

export const handler = authorizer(lambdaPlatform());
