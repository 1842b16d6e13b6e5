/** Arguments that no sample gives: of other kinds, too few, too many, by other opcodes. Made from what the record declares. */
import type { TypeRecord } from '../registry/contract.ts'
import type { Construct } from '../values/construct.ts'
import { Attempts } from './attempts.ts'
import { CONSTRUCTS, hostilePickle, nameOfRecord } from './hostile-build.ts'
import { HOSTILE_KEYS, HOSTILE_VALUES } from './hostile-values.ts'
import type { Subject } from './subject.ts'
import type { Template } from './templates.ts'

/** One list of arguments, and its name. */
interface Case {
  readonly name: string
  readonly args: readonly unknown[]
  readonly kwargs?: ReadonlyMap<string, unknown>
}

export function checkHostileArguments(subject: Subject, { record, built }: Template, maxMemory: number): void {
  const what = `hostile arguments for ${nameOfRecord(record)}`
  const attempts = new Attempts(subject, maxMemory)
  const good = built?.args ?? placeholders(record)
  const type =
    built !== undefined && record.class !== undefined && built.object instanceof record.class ? record.class : undefined
  for (const construct of CONSTRUCTS) {
    const isDeclared = (record.opcodes ?? ['reduce', 'newobj']).includes(construct)
    for (const { name, args, kwargs } of isDeclared
      ? cases(record, good, construct, built?.kwargs)
      : [{ name: 'good ones', args: good } as Case]) {
      const pickle = hostilePickle(subject, record, {
        args,
        construct,
        ...(construct === 'newobj_ex' ? { kwargs: kwargs ?? new Map() } : {}),
      })
      if (pickle === undefined) continue
      attempts.load(pickle, {
        what: `${what} by ${construct.toUpperCase()}: ${name}`,
        type,
        change: () => changeFor(record),
      })
    }
  }
  attempts.finish(what)
}

function* cases(
  record: TypeRecord,
  good: readonly unknown[],
  construct: Construct,
  kwargs: ReadonlyMap<string, unknown> = new Map(),
): Generator<Case> {
  const count = Math.max(good.length, 1)
  for (const { name, make } of HOSTILE_VALUES) {
    for (let index = 0; index < count; index++) {
      const args = [...good]
      args[index] = make()
      yield { name: `argument ${index + 1} is ${name}`, args, kwargs }
    }
    yield { name: `all ${count} arguments are ${name}`, args: Array.from({ length: count }, make), kwargs }
    yield { name: `one more, ${name}`, args: [...good, make()], kwargs }
  }
  // A bound that is wrong by one, an offset that is not aligned.
  for (const [index, arg] of good.entries()) {
    if (typeof arg !== 'bigint') continue
    for (const step of [1n, -1n, 8n])
      yield { name: `argument ${index + 1} is ${arg + step}`, args: good.with(index, arg + step), kwargs }
  }
  for (let length = 0; length < good.length; length++)
    yield { name: `only ${length}`, args: good.slice(0, length), kwargs }
  yield { name: '1,000 times None', args: new Array<unknown>(1_000).fill(null), kwargs }
  const shared: unknown[] = []
  yield { name: 'one list for all of them', args: Array.from({ length: count }, () => shared), kwargs }
  if (construct === 'newobj_ex') yield* keywordCases(record, good, kwargs)
}

function* keywordCases(
  record: TypeRecord,
  args: readonly unknown[],
  kwargs: ReadonlyMap<string, unknown>,
): Generator<Case> {
  yield { name: 'no keyword arguments', args, kwargs: new Map() }
  for (const key of HOSTILE_KEYS) {
    yield { name: `the keyword argument ${JSON.stringify(key)}`, args, kwargs: new Map([...kwargs, [key, 1]]) }
  }
  for (const key of record.kwargs ?? []) {
    for (const { name, make } of HOSTILE_VALUES) {
      yield { name: `the keyword argument ${key} is ${name}`, args, kwargs: new Map([...kwargs, [key, make()]]) }
    }
  }
}

/** Arguments for a record that no sample builds: as many as it declares. */
function placeholders({ args = [] }: TypeRecord): readonly unknown[] {
  return new Array<unknown>('min' in args ? args.min : args.length).fill(null)
}

function changeFor(record: TypeRecord): string {
  return (
    `say in the record of ${nameOfRecord(record)} what it takes, and check what that does not say:\n` +
    "args: ['int', 'float'], create: ([n, x], { check }) => new Point(check.int(n, 'n'), check.float(x, 'x'))\n" +
    'A length, a shape or an offset must fit the memory that came with it; throw an Error that says so where it does not'
  )
}
