/** What older protocols write in place of the opcodes that they lack. Source: CPython, `save_reduce` and Lib/copyreg.py. */
import { AttributeRef } from '../values/attribute-ref.ts'
import { GlobalRef } from '../values/global-ref.ts'
import { Tuple } from '../values/tuple.ts'
import { InternalCall } from './internal-values.ts'
import { type CheckedReduction, callOf } from './reduction.ts'

/**
 * The reduction as a protocol can write it, or why it cannot.
 *
 * @param base the class whose `__new__` makes the object.
 */
export function forProtocol(reduction: CheckedReduction, proto: number, base: unknown): CheckedReduction | string {
  const { construct, callable, args, kwargs } = reduction
  if (construct === 'obj' && proto === 0) {
    // INST takes the class by name alone.
    if (!(callable instanceof GlobalRef)) return 'protocol 0 cannot write OBJ of a call'
    return { ...reduction, construct: 'inst' }
  }
  if (construct === 'newobj' && proto < 2) {
    const helper = new GlobalRef('copyreg', '__newobj__')
    return { ...reduction, construct: 'reduce', callable: helper, args: Tuple.of(callable, ...args) }
  }
  if (construct !== 'newobj_ex' || proto >= 4) return reduction
  const plain = { ...reduction, construct: 'reduce', kwargs: undefined } as const
  if (proto < 2) {
    const helper = new GlobalRef('copyreg', '__newobj_ex__')
    return { ...plain, callable: helper, args: Tuple.of<unknown>(callable, args, kwargs) }
  }
  // `functools.partial(cls.__new__, cls, *args, **kwargs)()`
  const create = newMethodOf(base)
  const state = Tuple.of<unknown>(create, Tuple.of(callable, ...args), kwargs, null)
  const partial = new InternalCall(callOf(new GlobalRef('functools', 'partial'), Tuple.of<unknown>(create), state))
  return { ...plain, callable: partial, args: new Tuple() }
}

/** `cls.__new__`. */
function newMethodOf(cls: unknown): GlobalRef {
  if (!(cls instanceof GlobalRef)) return new AttributeRef('', '', cls, '__new__')
  const { module, name } = cls
  if (cls instanceof AttributeRef) return new AttributeRef(module, name, cls, '__new__')
  return new GlobalRef(module, `${name}.__new__`)
}
