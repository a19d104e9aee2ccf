// ISO 4217 active currency codes (list one, published 2026-01-01, read 2026-12-01, amendment 179; XCG came with amendment 176). Funds, metals and test codes are left out: nobody is charged in them.
// Amounts are integers in the currency's minor unit, whatever its number of decimals.

export const currencies =
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG'.split(
    ' ',
  ) as readonly string[];

/** Withdrawn in the last years (list three): what to use instead, and the day from which nobody pays in it. */
export const withdrawnCurrencies = {
  ANG: { on: '2025-07-01', use: 'XCG' },
  BGN: { on: '2026-01-01', use: 'EUR' },
  HRK: { on: '2023-01-01', use: 'EUR' },
  SLL: { on: '2024-04-01', use: 'SLE' },
  ZWL: { on: '2024-09-01', use: 'ZWG' },
} as const;

export const knownCurrencies: readonly string[] = currencies.concat(Object.keys(withdrawnCurrencies));
