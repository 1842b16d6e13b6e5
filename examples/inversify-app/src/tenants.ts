/** What each tenant may put into its jobs, besides plain data. */
import { definePlugin, pyType } from '@pickle-ts/pickle-core'

/** `billing.Invoice` in Python. */
export class Invoice {
  readonly number: string
  readonly cents: number

  constructor(number: string, cents: number) {
    this.number = number
    this.cents = cents
  }
}

/** `weather.Reading` in Python. */
export class Reading {
  readonly sensor: string
  readonly degrees: readonly number[]

  constructor(sensor: string, degrees: readonly number[]) {
    this.sensor = sensor
    this.degrees = degrees
  }
}

const billing = definePlugin({
  id: 'acme/billing',
  types: [
    pyType({
      module: 'billing',
      name: 'Invoice',
      class: Invoice,
      args: ['str', 'int'],
      create: ([number, cents], { check }) => new Invoice(check.str(number, 'number'), check.int(cents, 'cents')),
      reduce: ({ number, cents }) => ({ args: [number, cents] }),
    }),
  ],
})

const weather = definePlugin({
  id: 'globex/weather',
  types: [
    pyType({
      module: 'weather',
      name: 'Reading',
      class: Reading,
      args: ['str', 'list'],
      create: ([sensor, degrees], { check }) =>
        new Reading(
          check.str(sensor, 'sensor'),
          check.list(degrees, 'degrees').map((degree) => check.float(degree, 'a degree')),
        ),
      reduce: ({ sensor, degrees }) => ({ args: [sensor, degrees] }),
    }),
  ],
})

export const TENANTS = { acme: billing, globex: weather } as const
export type Tenant = keyof typeof TENANTS
