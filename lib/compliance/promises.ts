// The register of promises: what Strongroom promises about security, privacy and uptime, one sentence for each id. A rule of
// compliance and the name of a test bear the id of a promise only where they hold it.

export const promises = {
  'RES-1': 'A tenant picks its residency zone (us, eu, apac) at creation; it never changes silently',
  'RES-2':
    'Residency holds at the database level: a tenant’s rows, objects, keys, queues, logs and backups exist only in the regions of its zone; no replica, backup copy or key leaves the zone',
  'RES-3':
    'Several regions serve at once: the zones us-east-1 and eu-west-1 run independently from day one, ap-southeast-2 next (deployable now, off by default)',
  'RES-4':
    'Every zone has a second region inside the zone; fail-over is automatic, health-checked and fenced (one writer at a time); the design target is 99.99 % a month, reported as target beside the measured figure',
  'HST-1':
    'Production is segmented from development and test (own account/stage, no shared role, key, bucket or table)',
  'HST-2':
    'Everything is infrastructure as code with automated compliance checks on every synth; a failing rule, an unexplained or an expired exception fails the build',
  'HST-3':
    'Capacity follows load without anyone’s hand, one tenant’s load doesn’t slow another’s, and cost per operation stays flat as load grows (measured, modelled beyond one machine)',
  'NET-1':
    'VPC isolation: every function runs in a VPC; those that talk only to AWS sit in isolated subnets and reach it through endpoints with policies; those that talk to the outside (providers, webhooks, data sources) sit in egress subnets of their own; security groups without open ingress, least-privilege traffic rules',
  'NET-2':
    'WAF with managed rules, rate-based rules and logging in front of every public endpoint; DDoS protection (Shield Standard inherited from AWS; Advanced as an option)',
  'NET-3':
    'TLS 1.3 only at every public endpoint (all of them listed, exceptions with reasons), HSTS on every response, gateway-made errors included; TLS between services',
  'NET-4':
    'Outbound calls to tenants’ data sources leave from fixed, published IP addresses that a tenant can allow-list',
  'ENC-1': 'Everything at rest is encrypted with AES-256 under customer-managed KMS keys with stated rotation periods',
  'ENC-2':
    'AES-256-GCM envelope encryption: one data key per tenant, wrapped by a key-encryption key pinned to the zone; the encryption context binds tenant, purpose and record, so a ciphertext moved elsewhere does not open',
  'ENC-3':
    'Provider secrets and PII fields use a separate key-encryption key, rotated on a documented schedule; re-wrap runs without downtime and old ciphertexts still open',
  'ENC-4':
    'Data-source credentials are sealed with AES-256-GCM and never returned to any client, in any response, log or export',
  'SEC-1':
    'Platform secrets (peppers, signing keys, provider platform keys) live in a managed secrets service and rotate automatically; tenants’ secrets are sealed under their own key-encryption key',
  'PCI-1':
    'Default: card data goes from the payer’s browser to a PCI processor and never transits the platform, which supports merchants’ SAQ A eligibility; a card number in any request is refused and never logged',
  'PCI-2':
    'Option: an isolated vault tokenizes and stores cards (own API, network, table, key, roles), so that raw numbers never touch a merchant’s server; nothing but the vault can open a card; the security code is never stored',
  'PCI-3': 'Bank account credentials are never stored',
  'PCI-4':
    'PCI DSS v4.0.1 requirements are mapped one by one (ours, merchant’s, AWS’s, not applicable with reason), and the merchant is told which SAQ is left to them',
  'PAY-1':
    'Create, capture, cancel, refund and read payments through a provider; unsafe calls are idempotent: a repeat never charges twice, whatever crashed between',
  'PAY-2':
    'Provider integration done right: signatures verified over the raw body, replays dropped, retries idempotent, late and out-of-order events harmless',
  'PAY-3':
    'Payment flows, fees and dispute handling are disclosed per payment; disputes are received, shown, answered with evidence before their deadline',
  'PAY-4': 'Settlement and balance: what was charged, the fee, what is paid out and when, adding up to zero difference',
  'PAY-5': 'Tax on a charge is computed from the seller’s and buyer’s jurisdictions (filing stays with the merchant)',
  'WEB-1': 'Hosted checkout and customer portal',
  'WHK-1':
    'Every delivery is signed with HMAC over id, timestamp and body; HTTPS endpoints only; signature verification libraries are provided',
  'WHK-2':
    'Failed deliveries retry on a published schedule; every attempt is visible; a delivery can be replayed for as long as it is kept; none is dropped silently',
  'WHK-3':
    'Secrets rotate with an overlap; delivery never reaches a private address, whatever the host name resolves to',
  'WHK-4': 'First delivery within 2 s at p99; ingress answers within 200 ms at p99',
  'API-1':
    'API keys are issued, scoped, listed, rotated and revoked; every endpoint requires one; only a hash is stored',
  'API-2':
    'Rate limits and abuse detection per key, tenant, class of operation and address; spending and velocity limits never depend on them',
  'API-3': 'Input is validated, output encoded, CSRF defended, sessions managed to OWASP guidance',
  'IAM-1': 'Role-based access for people: least-privilege roles, listed and reviewed; access is removed on role change',
  'IAM-2':
    'Multi-factor sign-in for people; session lifetimes and idle timeouts; suspicious sign-ins detected and reported',
  'IAM-3': 'A tenant can allow-list the source addresses of its keys',
  'AGT-1':
    'Agents hold delegated, scoped credentials of their own, never a merchant’s secret; the credential is verified on every call',
  'AGT-2':
    'Spending scopes: per payment, per period and in total; currencies, merchants, categories, countries, expiry; enforced atomically, so that parallel calls cannot overspend',
  'AGT-3':
    'Above a threshold, or when authority changes or expires, a person must approve afresh; the approval chain is kept',
  'AGT-4':
    'Revocation is instant: the revocation and the payment intent meet in one conditional write, and no intent commits after it; after an unplanned regional fail-over agents are frozen until budgets are reconciled',
  'AGT-5': 'Everything an agent does is logged as the agent’s act',
  'FRD-1': 'Velocity checks and card-testing protection on every payment',
  'FRD-2':
    'Integrations with Riskified, Signifyd and Kount; the merchant sets the rules; flagged payments wait in a review queue',
  'FRD-3': 'Transactions are watched in real time; anomalies alert at once',
  'KYC-1': 'KYC/KYB onboarding: a tenant’s live keys stay off until its business is verified',
  'AUD-1':
    'Every request that reaches the authorizer, every transaction and every configuration change, by key, agent, person or system, is recorded with time, identity and IP address, refusals of recognised credentials too; unknown credentials as bounded aggregates; what the edge refuses (WAF, gateway) in the edge logs',
  'AUD-2':
    'Kept 365 days or more (three months at hand), in storage that nobody can alter or delete early; CloudTrail (management, KMS and data events) likewise',
  'AUD-3':
    'The tenant can search and export its trail; an auditor can check offline that nothing was changed or removed',
  'AUD-4':
    'All requests to the servers are logged centrally with retention; the log can be sent on to the operator’s own service (Sentry and others)',
  'DSR-1':
    'Data-subject requests (access, portability, rectification, erasure, opt-out) through a documented API, for GDPR, UK GDPR and CCPA, with their deadlines',
  'DSR-2':
    'Erasure is permanent and provable: keys of the data subject are destroyed, backups become unreadable within a stated number of days, restores replay erasures before they serve; records the law requires stay, with the legal basis',
  'DSR-3': 'Retention periods are declared per kind of data and enforced; only what is needed is collected',
  'DSR-4': 'DPA and a current list of sub-processors are served',
  'PRX-1':
    'A tenant registers a data source (HTTP API, PostgreSQL, MySQL …); queries run on the server with server-held credentials; the result passes through as it is and is not stored',
  'SLO-1':
    'Targets over 28 rolling days: read 99.9 % / p99 150 ms; write 99.9 % / 400 ms; money-moving 99.95 % / 800 ms; webhook ingress 99.95 % / 200 ms; webhook delivery 99.95 % / 2 s; hosted pages 99.95 % / 400 ms',
  'SLO-2': 'On-call is paged on burn rate (14.4x over 5 minutes, confirmed over a longer window)',
  'SLO-3':
    'A public status page shows components, incidents and the review of any outage of 5 minutes or more, due within 5 business days',
  'INC-1': 'Incidents have severities, roles and escalation; customers get a banner and an e-mail',
  'BCK-1':
    'Continuous backup (RPO 5 minutes) plus a daily full copy, locked, in another region of the zone; RTO 1 hour rests on fail-over, restore time is measured and shown',
  'BCK-2': 'Restores are tested at least every quarter, automatically, and the dated result is published',
  'BCK-3': 'Objects (exports, documents) replicate within the zone only',
  'VUL-1': 'Dependencies and infrastructure are scanned; findings have deadlines: critical 7 days, high 30, medium 90',
  'VUL-2': 'security.txt and an intake for reports: acknowledged within 24 hours, triaged within 72',
  'CMP-1':
    'Controls mapped to PCI DSS v4.0.1, SOC 2, ISO 27001:2022 and GDPR, every requirement listed, with current evidence (never the word “compliant”); packages can be requested (NDA click-through)',
  'CMP-2': 'Shared responsibility in three columns (platform, merchant, agent) for every area',
  'ORG-1': 'Annual penetration test by a third party; findings closed within the deadlines of VUL-1',
  'ORG-2': 'Access reviews and removal on role change or leaving (the product supplies the campaign and its record)',
  'ORG-3': '24/7 on-call; incident roles; notification of customers and authorities within the legal terms',
  'ORG-4': 'Audits and certificates (SOC 2 Type II, ISO 27001, PCI assessment)',
  'ORG-5': 'Code review, change control and training',
} as const;

export type PromiseId = keyof typeof promises;

/**
 * Which promise a finding of a published pack touches: those packs know frameworks, not our promises. A type that has no row
 * touches HST-2 alone, which every finding does.
 */
const promisesOf: readonly (readonly [prefix: string, promises: readonly PromiseId[]])[] = [
  ['AWS::ApiGateway::', ['API-1', 'NET-3']],
  ['AWS::CloudWatch::', ['SLO-2']],
  ['AWS::DynamoDB::', ['BCK-1', 'ENC-1']],
  ['AWS::EC2::', ['NET-1']],
  ['AWS::Events::', ['AUD-4', 'ENC-1']],
  ['AWS::IAM::', ['NET-1', 'IAM-1']],
  ['AWS::KMS::', ['ENC-1']],
  ['AWS::Lambda::', ['NET-1', 'HST-3']],
  ['AWS::Logs::', ['AUD-4', 'ENC-1']],
  ['AWS::S3::', ['ENC-1', 'AUD-2']],
  ['AWS::SNS::', ['ENC-1', 'SLO-2']],
  ['AWS::SQS::', ['ENC-1', 'WHK-2']],
  ['AWS::SecretsManager::', ['SEC-1']],
  ['AWS::WAFv2::', ['NET-2']],
];

export const promisesTouched = (type: string): readonly PromiseId[] =>
  promisesOf.find(([prefix]) => type.startsWith(prefix))?.[1] ?? ['HST-2'];
