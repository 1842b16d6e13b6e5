/** The three ways in which the demo carries the graph. */
export const FORMS = [
  { name: '4', protocol: 4, outOfBand: false, fixture: 'protocol-4' },
  { name: '5 in band', protocol: 5, outOfBand: false, fixture: 'protocol-5-in-band' },
  { name: '5 out of band', protocol: 5, outOfBand: true, fixture: 'protocol-5-out-of-band' },
] as const

export type Form = (typeof FORMS)[number]
