// Bodies that several operations share the shape of, in marks.

import type { Words } from './words.ts';

export const keyBody = (words: Words) => ({
  name: words.text('name', 100),
  kind: 'secret',
  mode: 'test',
  scopes: ['payments:read'],
  allowed_addresses: ['203.0.113.0/24'],
  expires_at: '2099-01-01T00:00:00Z',
});

export const person = (words: Words) => ({
  name: words.one('name', 'name'),
  email: words.one('email', 'email'),
  phone: words.one('phone', 'phone'),
  address: {
    line1: words.one('address', 'postal_address'),
    line2: words.one('address', 'name'),
    city: words.one('address', 'name', (word) => word),
    state: words.one('address', 'name', (word) => word),
    postal_code: words.one('address', 'name', (word) => word),
    country: 'DE',
  },
  description: words.text('description', 500),
  metadata: words.metadata(),
});

const companyAddress = (words: Words) => ({
  line1: words.one('address', 'postal_address'),
  line2: words.one('address', 'name'),
  city: words.one('address', 'name'),
  state: words.one('address', 'name'),
  postal_code: words.one('address', 'name', (word) => word),
  country: 'DE',
});
export const business = (words: Words) => ({
  legal_name: words.one('legal_name', 'name'),
  form: 'company',
  country: 'DE',
  registration_number: words.one('registration_number', 'name', (word) => word),
  address: companyAddress(words),
  website: `https://shop.example.com/${words.one('website', 'name', (word) => word)}`,
  people: [
    {
      roles: ['owner', 'director'],
      first_name: words.one('people', 'name'),
      last_name: words.one('people', 'name'),
      birth_date: '1980-01-31',
      address: companyAddress(words),
    },
  ],
});
