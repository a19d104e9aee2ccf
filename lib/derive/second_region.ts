// Which stages run both regions of their zones.

interface Stage {
  readonly data: 'locked' | 'disposable';
  readonly secondRegion?: boolean | undefined;
}

/** A locked stage runs both regions of its zones, a disposable one its home alone, unless the configuration says otherwise. */
export const hasSecondRegion = ({ data, secondRegion = data === 'locked' }: Stage): boolean => secondRegion;
