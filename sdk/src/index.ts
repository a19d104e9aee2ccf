// What merchants import: the client, the verification of webhooks, the errors, and the types of everything.

export { strongroom } from './client.ts';
export {
  type ConnectionCode,
  ConnectionError,
  StrongroomError,
  unlessFailed,
  type WebhookErrorCode,
  WebhookVerificationError,
} from './errors.ts';
export type * from './generated.ts';
export type { CallOptions, KeyedOptions, Listing, Page } from './request.ts';
export type { StrongroomSettings } from './settings.ts';
export type { WebhookHeaders } from './signature.ts';
export { type VerifyOptions, webhooks } from './webhooks.ts';
