// Every alarm of a zone, of which its profile takes some. Those on functions follow from the rows of contract/<capability>/functions.ts.

import type { Alarm, MonitoredZone } from './alarm.ts';
import { functionAlarms } from './function_alarms.ts';
import { gatewayAlarms } from './gateway_alarms.ts';
import { processorAlarms } from './processor_alarms.ts';
import { profileOf } from './profile.ts';
import { queueAlarms } from './queue_alarms.ts';
import { recoveryAlarms } from './recovery_alarms.ts';
import { regionAlarms } from './region_alarms.ts';
import { rotationAlarms } from './rotation_alarms.ts';
import { sloAlarms } from './slo_alarms.ts';
import { streamAlarms } from './stream_alarms.ts';

const every = (zone: MonitoredZone): Alarm[] => [
  ...sloAlarms,
  ...gatewayAlarms(zone.deployment),
  ...functionAlarms(zone.deployment),
  ...streamAlarms(zone),
  ...rotationAlarms(zone.deployment),
  ...processorAlarms(zone.deployment),
  ...queueAlarms(zone.deployment),
  ...recoveryAlarms(zone.deployment),
  ...regionAlarms(zone.deployment),
];

export const alarmsOf = (zone: MonitoredZone): Alarm[] => {
  const { alarms } = profileOf(zone.deployment);
  return alarms === 'all' ? every(zone) : every(zone).filter(({ name }) => alarms.includes(name));
};
