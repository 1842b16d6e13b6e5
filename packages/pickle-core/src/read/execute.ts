/**
 * The unpickling machine: one loop over the opcodes, with an explicit stack.
 *
 * Source: CPython, Modules/_pickle.c, `load`; Lib/pickletools.py for the opcodes. Case labels are literal numbers because a
 * `case` on an imported constant costs twice as much in V8; a test compares them with opcodes.ts. Whatever is rare, and whatever
 * fails, is a call.
 *
 * A mark is three numbers in `marks`: what the context below it was. `base` is where the items above the last mark begin, and
 * nothing below `base` can be popped. `pending` says that the list (1) or dict (2) right below the last mark is not made yet:
 * `] MEMOIZE (` and `} MEMOIZE (` are nearly always the start of a container whose items follow, so it is made when these are
 * complete: at its exact size, and as the kind of dict that its keys ask for. Only a GET can ask for it before, and then it is made
 * early (`makePending`).
 *
 * Depth: `nest` is the greatest depth of what was completed since the last mark, `last` the depth of the container on top of the
 * stack. Both may be too large, never too small, but for what came from the memo, which counts as 0. A path through the value
 * that uses n of these cannot be deeper than (n + 1) * nest; only where that is over the limit, `checkDepth` looks at the value.
 */
import { readLong } from '../bytes/read-long.ts'
import { wtf8Length } from '../bytes/wtf8.ts'
import { ByteArray } from '../values/byte-array.ts'
import { Float } from '../values/float.ts'
import { GlobalRef } from '../values/global-ref.ts'
import { PyObject } from '../values/py-object.ts'
import { PySet } from '../values/py-set.ts'
import { Tuple } from '../values/tuple.ts'
import { buildDict, emptyDict, fitsObject, setDictItems } from './dict-builder.ts'
import { fail, failEnd, failLength, failLimit, failMark, failProtocol, failStack } from './failures.ts'
import type { Machine } from './machine.ts'
import { PENDING, Placeholder, UndecidedDict } from './placeholder.ts'
import { python2String } from './python2-string.ts'
import { mayBeginRun, Run } from './runs.ts'
import { addSetItems, newFrozenSet } from './set-builder.ts'
import { readKey, readText } from './text.ts'
import {
  lineEnd,
  readFloatLine,
  readIndex,
  readInt,
  readLongLine,
  readNameLine,
  readPersistentLine,
  readStringLine,
  readUnicodeLine,
} from './text-opcodes.ts'
import { found, isDict } from './value-kind.ts'

const LIST = 1
const DICT = 2

/** Runs one pickle from `m.pos` to its STOP, and gives its value. */
export function execute(m: Machine): unknown {
  const { bytes, inputEnd, settings } = m
  const { exact, strict } = settings
  const { maxItems } = settings.limits
  const first = m.pos
  let pos = first
  // Nothing is read beyond `end`: that of the frame, or of the input.
  let end = inputEnd
  let frameEnd = -1
  // Where to look whether the stack is full: an opcode of n bytes pushes n values at most.
  let check = Math.min(end, pos + maxItems + 1)
  let proto = 0
  let newest = 5
  const stack: unknown[] = []
  let sp = 0
  const { memo } = m
  let memoSize = m.memoSize
  // MEMOIZE is looked for right after what it memoizes. In a memo with gaps it takes the slow way, and this is no opcode.
  let memoize = m.sparse === undefined ? 0x94 : -1
  const marks: number[] = []
  let mp = 0
  let base = 0
  let pending = 0
  let pendingIndex = -1
  let nest = 0
  let last = 0
  let value: unknown

  for (;;) {
    if (pos >= check) {
      if (pos >= end) {
        frameEnd = -1
        end = inputEnd
        if (pos >= end) failEnd(m, pos, 1, end, inputEnd)
      }
      if (sp > maxItems) failLimit(m, pos, 'maxItems', sp, maxItems)
      check = Math.min(end, pos + maxItems - sp + 1)
    }
    const at = pos
    switch (bytes[pos++]) {
      // ---- atoms
      case 0x4e /* NONE */:
        stack[sp++] = null
        continue
      case 0x88 /* NEWTRUE */:
        stack[sp++] = true
        continue
      case 0x89 /* NEWFALSE */:
        stack[sp++] = false
        continue
      case 0x4b /* BININT1 */:
        {
          if (pos >= end) failEnd(m, at, 1, end, inputEnd)
          const int = bytes[pos++] as number
          stack[sp++] = exact ? BigInt(int) : int
          continue
        }
      case 0x4d /* BININT2 */:
        {
          if (end - pos < 2) failEnd(m, at, 2, end, inputEnd)
          const int = (bytes[pos] as number) | ((bytes[pos + 1] as number) << 8)
          pos += 2
          stack[sp++] = exact ? BigInt(int) : int
          continue
        }
      case 0x4a /* BININT */:
        {
          if (end - pos < 4) failEnd(m, at, 4, end, inputEnd)
          const int = int32(bytes, pos)
          pos += 4
          stack[sp++] = exact ? BigInt(int) : int
          continue
        }
      case 0x8a /* LONG1 */:
      case 0x8b /* LONG4 */:
        {
          const width = bytes[at] === 0x8a ? 1 : 4
          if (end - pos < width) failEnd(m, at, width, end, inputEnd)
          const size = width === 1 ? (bytes[pos] as number) : int32(bytes, pos)
          pos += width
          if (size < 0 || size > end - pos) failLength(m, at, size, end - pos, end < inputEnd)
          if (size > settings.limits.maxIntBytes) failLimit(m, at, 'maxIntBytes', size, settings.limits.maxIntBytes)
          stack[sp++] = toInt(readLong(bytes, pos, pos + size), exact)
          pos += size
          continue
        }
      case 0x49 /* INT */:
        {
          const newline = lineEnd(m, pos, end, at)
          const int = readInt(m, pos, newline, at)
          stack[sp++] = typeof int === 'boolean' ? int : toInt(int, exact)
          pos = newline + 1
          continue
        }
      case 0x4c /* LONG */:
        {
          const newline = lineEnd(m, pos, end, at)
          stack[sp++] = toInt(readLongLine(m, pos, newline, at), exact)
          pos = newline + 1
          continue
        }
      case 0x47 /* BINFLOAT */:
        {
          if (end - pos < 8) failEnd(m, at, 8, end, inputEnd)
          const float = m.view.getFloat64(pos)
          stack[sp++] = exact ? exactFloat(m, pos, float) : float
          pos += 8
          continue
        }
      case 0x46 /* FLOAT */:
        {
          const newline = lineEnd(m, pos, end, at)
          const float = readFloatLine(m, pos, newline, at)
          stack[sp++] = exact ? new Float(float) : float
          pos = newline + 1
          continue
        }

      // ---- strings and bytes
      case 0x8c /* SHORT_BINUNICODE */:
        {
          if (newest < 4) failProtocol(m, at, 4, newest)
          if (pos >= end) failEnd(m, at, 1, end, inputEnd)
          const size = bytes[pos++] as number
          if (size > end - pos) failLength(m, at, size, end - pos, end < inputEnd)
          const isKey = pending === DICT && ((sp - base) & 1) === 0
          const text = isKey ? readKey(m, pos, pos + size, at) : readText(m, pos, pos + size, at)
          pos += size
          stack[sp++] = text
          if (pos < end && bytes[pos] === memoize) {
            pos++
            memo[memoSize++] = text
          }
          continue
        }
      case 0x58 /* BINUNICODE */:
      case 0x8d /* BINUNICODE8 */:
        {
          const width = bytes[at] === 0x58 ? 4 : 8
          if (width === 8 && newest < 4) failProtocol(m, at, 4, newest)
          const size = readSize(m, pos, width, end, at)
          pos += width
          const text = readText(m, pos, pos + size, at)
          pos += size
          stack[sp++] = text
          if (pos < end && bytes[pos] === memoize) {
            pos++
            memo[memoSize++] = text
          }
          continue
        }
      case 0x56 /* UNICODE */:
        {
          const newline = lineEnd(m, pos, end, at)
          stack[sp++] = readUnicodeLine(m, pos, newline, at)
          pos = newline + 1
          continue
        }
      case 0x53 /* STRING */:
        {
          const newline = lineEnd(m, pos, end, at)
          stack[sp++] = readStringLine(m, pos, newline, at)
          pos = newline + 1
          continue
        }
      case 0x55 /* SHORT_BINSTRING */:
      case 0x54 /* BINSTRING */:
        {
          const width = bytes[at] === 0x55 ? 1 : 4
          const size = readSize(m, pos, width, end, at)
          pos += width
          if (size > settings.limits.maxStringBytes) {
            failLimit(m, at, 'maxStringBytes', size, settings.limits.maxStringBytes)
          }
          stack[sp++] = python2String(m, bytes, pos, pos + size, at)
          pos += size
          continue
        }
      case 0x43 /* SHORT_BINBYTES */:
      case 0x42 /* BINBYTES */:
      case 0x8e /* BINBYTES8 */:
        {
          const width = bytes[at] === 0x43 ? 1 : bytes[at] === 0x42 ? 4 : 8
          const since = width === 8 ? 4 : 3
          if (newest < since) failProtocol(m, at, since, newest)
          const size = readSize(m, pos, width, end, at)
          pos += width
          stack[sp++] = bytes.slice(pos, pos + size)
          pos += size
          continue
        }
      case 0x96 /* BYTEARRAY8 */:
        {
          if (newest < 5) failProtocol(m, at, 5, newest)
          const size = readSize(m, pos, 8, end, at)
          pos += 8
          stack[sp++] = new ByteArray(bytes.slice(pos, pos + size).buffer)
          pos += size
          continue
        }
      case 0x97 /* NEXT_BUFFER */:
        if (newest < 5) failProtocol(m, at, 5, newest)
        stack[sp++] = value = m.buffers.next(at)
        if (typeof value === 'object') last = 0
        continue
      case 0x98 /* READONLY_BUFFER */:
        if (newest < 5) failProtocol(m, at, 5, newest)
        if (sp === base) failStack(m, at, 1)
        stack[sp - 1] = m.buffers.readonly(stack[sp - 1], at)
        continue

      // ---- containers
      case 0x28 /* MARK */:
        marks[mp] = (base << 3) | pending
        marks[mp + 1] = nest
        marks[mp + 2] = pendingIndex
        mp += 3
        base = sp
        pending = 0
        pendingIndex = -1
        nest = 0
        continue
      case 0x5d /* EMPTY_LIST */:
      case 0x7d /* EMPTY_DICT */:
        {
          let next = pos
          let index = -1
          if (next < end && bytes[next] === memoize) {
            index = memoSize
            next++
          } else if (
            next + 1 < end &&
            bytes[next] === 0x71 /* BINPUT */ &&
            bytes[next + 1] === memoSize &&
            memoize > 0
          ) {
            index = memoSize
            next += 2
          }
          const kind = bytes[at] === 0x5d ? LIST : DICT
          if (next < end && bytes[next] === 0x28 /* MARK */) {
            if (kind === LIST && mayBeginRun(bytes, next + 1)) {
              const list: unknown[] = []
              const run = new Run(m, memoSize, end, frameEnd)
              if (run.appendTo(list, next + 1, newest >= 4)) {
                if (index >= 0) memo[memoSize++] = list
                stack[sp++] = list
                last = 1
                if (nest < 1) nest = 1
                check = pos = run.pos
                end = run.end
                frameEnd = run.frameEnd
                continue
              }
            }
            if (index >= 0) memo[memoSize++] = PENDING
            stack[sp++] = PENDING
            marks[mp] = (base << 3) | pending
            marks[mp + 1] = nest
            marks[mp + 2] = pendingIndex
            mp += 3
            base = sp
            pending = kind
            pendingIndex = index
            nest = 0
            pos = next + 1
            continue
          }
          if (kind === LIST) stack[sp] = []
          else {
            const dict = emptyDict(m)
            m.memoSize = memoSize
            m.addUndecided(dict, sp)
            stack[sp] = dict
          }
          sp++
          last = 1
          if (nest < 1) nest = 1
          continue
        }
      case 0x65 /* APPENDS */:
        {
          if (mp === 0) failMark(m, at)
          const below = (marks[mp - 3] as number) >> 3
          const slot = base - 1
          if (slot < below) failStack(m, at, 1)
          m.addItems(sp - base, at)
          last = nest + 1
          if (pending === LIST) {
            const list = stack.slice(base, sp)
            stack[slot] = list
            if (pendingIndex >= 0 && memo[pendingIndex] === PENDING) memo[pendingIndex] = list
          } else {
            if (pending !== 0) makeBelow(m, stack, base, pending, pendingIndex, memoSize)
            append(m, 'APPENDS', stack[slot], stack, base, sp, at)
            // Its earlier items count, too.
            last = Math.max(last, marks[mp - 2] as number)
          }
          sp = base
          if (pos < end && bytes[pos] === 0x28 /* MARK */ && mayBeginRun(bytes, pos + 1)) {
            const list = stack[slot]
            const run = new Run(m, memoSize, end, frameEnd)
            if (isOurList(m, list) && run.appendTo(list, pos + 1, newest >= 4)) {
              check = pos = run.pos
              end = run.end
              frameEnd = run.frameEnd
            }
          }
          break
        }
      case 0x75 /* SETITEMS */:
        {
          if (mp === 0) failMark(m, at)
          const below = (marks[mp - 3] as number) >> 3
          const slot = base - 1
          if (slot < below) failStack(m, at, 1)
          m.addItems((sp - base) >> 1, at)
          last = nest + 1
          if (pending === DICT) {
            const dict = buildDict(m, stack, base, sp, at)
            stack[slot] = dict
            if (pendingIndex >= 0 && memo[pendingIndex] === PENDING) memo[pendingIndex] = dict
          } else {
            if (pending !== 0) makeBelow(m, stack, base, pending, pendingIndex, memoSize)
            m.memoSize = memoSize
            setItems(m, 'SETITEMS', slot, stack, base, sp, at)
            last = Math.max(last, marks[mp - 2] as number)
          }
          sp = base
          break
        }
      case 0x90 /* ADDITEMS */:
        {
          if (newest < 4) failProtocol(m, at, 4, newest)
          if (mp === 0) failMark(m, at)
          const below = (marks[mp - 3] as number) >> 3
          const slot = base - 1
          if (slot < below) failStack(m, at, 1)
          m.addItems(sp - base, at)
          if (pending !== 0) makeBelow(m, stack, base, pending, pendingIndex, memoSize)
          addToSet(m, stack[slot], stack, base, sp, at)
          sp = base
          last = Math.max(nest + 1, marks[mp - 2] as number)
          break
        }
      case 0x6c /* LIST */:
        if (mp === 0) failMark(m, at)
        m.addItems(sp - base, at)
        if (pending !== 0) makeBelow(m, stack, base, pending, pendingIndex, memoSize)
        stack[base] = stack.slice(base, sp)
        sp = base + 1
        last = nest + 1
        break
      case 0x64 /* DICT */:
        if (mp === 0) failMark(m, at)
        m.addItems((sp - base) >> 1, at)
        if (pending !== 0) makeBelow(m, stack, base, pending, pendingIndex, memoSize)
        if (sp > base) stack[base] = buildDict(m, stack, base, sp, at)
        else {
          const dict = emptyDict(m)
          m.memoSize = memoSize
          m.addUndecided(dict, sp)
          stack[sp] = dict
        }
        sp = base + 1
        last = nest + 1
        break
      case 0x74 /* TUPLE */:
        {
          if (mp === 0) failMark(m, at)
          m.addItems(sp - base, at)
          if (pending !== 0) makeBelow(m, stack, base, pending, pendingIndex, memoSize)
          const size = sp - base
          const tuple = new Tuple(size)
          for (let i = 0; i < size; i++) tuple[i] = stack[base + i]
          stack[base] = tuple
          sp = base + 1
          last = nest + 1
          break
        }
      case 0x91 /* FROZENSET */:
        if (newest < 4) failProtocol(m, at, 4, newest)
        if (mp === 0) failMark(m, at)
        m.addItems(sp - base, at)
        if (pending !== 0) makeBelow(m, stack, base, pending, pendingIndex, memoSize)
        stack[base] = newFrozenSet(m, stack.slice(base, sp), at)
        sp = base + 1
        last = nest + 1
        break
      case 0x31 /* POP_MARK */:
        if (mp === 0) failMark(m, at)
        if (pending !== 0) makeBelow(m, stack, base, pending, pendingIndex, memoSize)
        sp = base
        last = Math.max(nest, marks[mp - 2] as number)
        break
      case 0x29 /* EMPTY_TUPLE */:
        stack[sp++] = new Tuple(0)
        last = 1
        if (nest < 1) nest = 1
        continue
      case 0x85 /* TUPLE1 */:
        {
          if (sp - base < 1) failStack(m, at, 1)
          m.addItems(1, at)
          const tuple = new Tuple(1)
          tuple[0] = value = stack[sp - 1]
          stack[sp - 1] = tuple
          last = isDeep(value) ? last + 1 : 1
          if (nest < last) nest = last
          continue
        }
      case 0x86 /* TUPLE2 */:
        {
          if (sp - base < 2) failStack(m, at, 2)
          m.addItems(2, at)
          const tuple = new Tuple(2)
          tuple[0] = value = stack[sp - 2]
          const objects = isDeep(value) ? 1 : 0
          tuple[1] = value = stack[sp - 1]
          sp--
          stack[sp - 1] = tuple
          last = tupleDepth(objects + (isDeep(value) ? 1 : 0), last, nest)
          if (nest < last) nest = last
          continue
        }
      case 0x87 /* TUPLE3 */:
        {
          if (sp - base < 3) failStack(m, at, 3)
          m.addItems(3, at)
          const tuple = new Tuple(3)
          tuple[0] = value = stack[sp - 3]
          let objects = isDeep(value) ? 1 : 0
          tuple[1] = value = stack[sp - 2]
          if (isDeep(value)) objects++
          tuple[2] = value = stack[sp - 1]
          sp -= 2
          stack[sp - 1] = tuple
          last = tupleDepth(objects + (isDeep(value) ? 1 : 0), last, nest)
          if (nest < last) nest = last
          continue
        }
      case 0x61 /* APPEND */:
        if (sp - base < 2) failStack(m, at, 2)
        m.addItems(1, at)
        sp--
        append(m, 'APPEND', stack[sp - 1], stack, sp, sp + 1, at)
        if (isDeep(stack[sp]) && nest <= last) nest = last + 1
        last = nest
        continue
      case 0x73 /* SETITEM */:
        if (sp - base < 3) failStack(m, at, 3)
        m.addItems(1, at)
        sp -= 2
        m.memoSize = memoSize
        setItems(m, 'SETITEM', sp - 1, stack, sp, sp + 2, at)
        if (isDeep(stack[sp])) nest++
        else if (isDeep(stack[sp + 1]) && nest <= last) nest = last + 1
        last = nest
        continue
      case 0x8f /* EMPTY_SET */:
        if (newest < 4) failProtocol(m, at, 4, newest)
        stack[sp++] = exact ? new PySet([], m.keyTable) : new Set()
        last = 1
        if (nest < 1) nest = 1
        continue

      // ---- stack and memo
      case 0x30 /* POP */:
        if (sp > base) {
          sp--
          value = stack[sp]
          if (value instanceof PyObject) {
            m.memoSize = memoSize
            m.objects.popped(value, sp > base ? stack[sp - 1] : undefined, peekGet(m, pos, end), at)
          }
          last = nest
          continue
        }
        // A mark on top is popped, as in CPython.
        if (mp === 0) failStack(m, at, 1)
        if (pending !== 0) makeBelow(m, stack, base, pending, pendingIndex, memoSize)
        last = Math.max(nest, marks[mp - 2] as number)
        break
      case 0x32 /* DUP */:
        if (sp === base) failStack(m, at, 1)
        m.memoSize = memoSize
        stack[sp] = value = m.duplicate(stack[sp - 1], sp - 1, at)
        sp++
        if (isDeep(value)) {
          m.objectGets++
          last = 0
        }
        continue
      case 0x68 /* BINGET */:
      case 0x6a /* LONG_BINGET */:
      case 0x67 /* GET */:
        {
          let index: number
          if (bytes[at] === 0x68) {
            if (pos >= end) failEnd(m, at, 1, end, inputEnd)
            index = bytes[pos++] as number
          } else if (bytes[at] === 0x6a) {
            if (end - pos < 4) failEnd(m, at, 4, end, inputEnd)
            index = int32(bytes, pos) >>> 0
            pos += 4
          } else {
            const newline = lineEnd(m, pos, end, at)
            index = readIndex(m, pos, newline, at)
            pos = newline + 1
          }
          value = index < memoSize ? memo[index] : m.getSparse(index, at)
          if (typeof value === 'object' && value !== null) {
            if (value instanceof Placeholder) {
              if (value === PENDING) {
                m.memoSize = memoSize
                makePending(m, stack, marks, mp, base, pending, pendingIndex)
                pending = 0
                value = memo[index]
              }
              if (value instanceof Placeholder) {
                m.memoSize = memoSize
                value = m.getPlaceholder(value, at)
              }
            }
            if (isDeep(value)) {
              last = 0
              // A global is a leaf. Objects of a class are many, and each gets its class from the memo.
              if (!(value instanceof GlobalRef)) m.objectGets++
            }
          }
          stack[sp++] = value
          continue
        }
      case 0x94 /* MEMOIZE */:
        if (newest < 4) failProtocol(m, at, 4, newest)
        if (sp === base) failStack(m, at, 1)
        m.memoSize = memoSize
        m.put(m.nextIndex, m.memoValue(stack[sp - 1], sp - 1, m.nextIndex))
        memoSize = m.memoSize
        continue
      case 0x71 /* BINPUT */:
      case 0x72 /* LONG_BINPUT */:
      case 0x70 /* PUT */:
        {
          let index: number
          if (bytes[at] === 0x71) {
            if (pos >= end) failEnd(m, at, 1, end, inputEnd)
            index = bytes[pos++] as number
          } else if (bytes[at] === 0x72) {
            if (end - pos < 4) failEnd(m, at, 4, end, inputEnd)
            index = int32(bytes, pos) >>> 0
            pos += 4
          } else {
            const newline = lineEnd(m, pos, end, at)
            index = readIndex(m, pos, newline, at)
            pos = newline + 1
          }
          if (sp === base) failStack(m, at, 1)
          m.memoSize = memoSize
          m.put(index, m.memoValue(stack[sp - 1], sp - 1, index))
          memoSize = m.memoSize
          if (m.sparse !== undefined) memoize = -1
          continue
        }

      // ---- globals and objects
      case 0x63 /* GLOBAL */:
        {
          const middle = lineEnd(m, pos, end, at)
          const newline = lineEnd(m, middle + 1, end, at)
          const module = readNameLine(m, pos, middle, at)
          const name = readNameLine(m, middle + 1, newline, at)
          stack[sp++] = value = m.objects.global(module, name, at, proto)
          pos = newline + 1
          if (typeof value === 'object') last = 0
          continue
        }
      case 0x93 /* STACK_GLOBAL */:
        {
          if (newest < 4) failProtocol(m, at, 4, newest)
          if (sp - base < 2) failStack(m, at, 2)
          const module = stack[sp - 2]
          const name = stack[sp - 1]
          if (typeof module !== 'string' || typeof name !== 'string') {
            fail(m, at, 'stack-global-type', { found: `${found(module)} and ${found(name)}` })
          }
          sp--
          stack[sp - 1] = value = m.objects.global(module, name, at, proto)
          if (typeof value === 'object') last = 0
          // The name was not got from the memo: it stands right before. (Those of more than 255 bytes are nobody's.)
          if (exact && bytes[at - 1] === 0x94 /* MEMOIZE */ && name.length < 256 && module.length < 256) {
            m.memoSize = memoSize
            const before = at - 4 - wtf8Length(name)
            m.objects.noteNames(value, module, name, bytes[before] === 0x94 /* MEMOIZE */)
          }
          continue
        }
      case 0x82 /* EXT1 */:
        if (pos >= end) failEnd(m, at, 1, end, inputEnd)
        stack[sp++] = value = m.objects.extension(bytes[pos++] as number, at)
        if (typeof value === 'object') last = 0
        continue
      case 0x83 /* EXT2 */:
        if (end - pos < 2) failEnd(m, at, 2, end, inputEnd)
        stack[sp++] = value = m.objects.extension((bytes[pos] as number) | ((bytes[pos + 1] as number) << 8), at)
        pos += 2
        if (typeof value === 'object') last = 0
        continue
      case 0x84 /* EXT4 */:
        if (end - pos < 4) failEnd(m, at, 4, end, inputEnd)
        stack[sp++] = value = m.objects.extension(int32(bytes, pos), at)
        pos += 4
        if (typeof value === 'object') last = 0
        continue
      case 0x52 /* REDUCE */:
        if (sp - base < 2) failStack(m, at, 2)
        sp--
        stack[sp - 1] = value = m.objects.reduce(stack[sp - 1], stack[sp], at)
        if (nest <= last) nest = last + 1
        last = isDeep(value) ? last + 1 : nest
        continue
      case 0x81 /* NEWOBJ */:
        if (sp - base < 2) failStack(m, at, 2)
        sp--
        stack[sp - 1] = value = m.objects.newObject(stack[sp - 1], stack[sp], at)
        if (nest <= last) nest = last + 1
        last = isDeep(value) ? last + 1 : nest
        continue
      case 0x92 /* NEWOBJ_EX */:
        if (newest < 4) failProtocol(m, at, 4, newest)
        if (sp - base < 3) failStack(m, at, 3)
        sp -= 2
        stack[sp - 1] = m.objects.newObjectEx(stack[sp - 1], stack[sp], stack[sp + 1], at)
        last = ++nest
        continue
      case 0x6f /* OBJ */:
        if (mp === 0) failMark(m, at)
        if (sp === base) failStack(m, at, 1)
        m.addItems(sp - base, at)
        if (pending !== 0) makeBelow(m, stack, base, pending, pendingIndex, memoSize)
        stack[base] = m.objects.instantiate(stack[base], 'obj', Tuple.from(stack.slice(base + 1, sp)), at)
        sp = base + 1
        last = Math.max(nest + 1, marks[mp - 2] as number)
        break
      case 0x69 /* INST */:
        {
          const middle = lineEnd(m, pos, end, at)
          const newline = lineEnd(m, middle + 1, end, at)
          if (mp === 0) failMark(m, at)
          m.addItems(sp - base, at)
          if (pending !== 0) makeBelow(m, stack, base, pending, pendingIndex, memoSize)
          const module = readNameLine(m, pos, middle, at)
          const name = readNameLine(m, middle + 1, newline, at)
          const callee = m.objects.global(module, name, at, proto)
          stack[base] = m.objects.instantiate(callee, 'inst', Tuple.from(stack.slice(base, sp)), at)
          sp = base + 1
          pos = newline + 1
          last = Math.max(nest + 1, marks[mp - 2] as number)
          break
        }
      case 0x62 /* BUILD */:
        if (sp - base < 2) failStack(m, at, 2)
        sp--
        m.objects.build(stack[sp - 1], stack[sp], at)
        if (isDeep(stack[sp]) && nest <= last) nest = last + 1
        last = nest
        continue
      case 0x50 /* PERSID */:
        {
          const newline = lineEnd(m, pos, end, at)
          stack[sp++] = m.objects.persistent(readPersistentLine(m, pos, newline, at), at)
          pos = newline + 1
          last = nest
          continue
        }
      case 0x51 /* BINPERSID */:
        if (sp === base) failStack(m, at, 1)
        stack[sp - 1] = m.objects.persistent(stack[sp - 1], at)
        last = nest
        continue

      // ---- the pickle itself
      case 0x80 /* PROTO */:
        if (pos >= end) failEnd(m, at, 1, end, inputEnd)
        if (strict && at !== first) fail(m, at, 'proto-position', undefined)
        proto = bytes[pos++] as number
        if (proto > 5) fail(m, at, 'protocol', { protocol: proto })
        if (strict) newest = Math.max(proto, 2)
        continue
      case 0x95 /* FRAME */:
        {
          if (newest < 4) failProtocol(m, at, 4, newest)
          if (frameEnd >= 0) fail(m, at, 'frame', { what: 'a frame begins inside another' })
          const size = readSize(m, pos, 8, end, at)
          pos += 8
          frameEnd = end = pos + size
          check = pos
          continue
        }
      case 0x2e /* STOP */:
        if (sp === base) failStack(m, at, 1)
        value = stack[sp - 1]
        if (strict) {
          if (sp !== 1 || mp !== 0) fail(m, at, 'stop-stack', { left: sp - 1 + mp / 3 })
          if (pos < frameEnd) fail(m, at, 'frame', { what: 'STOP stands before the end of its frame' })
        } else {
          m.memoSize = memoSize
          makePending(m, stack, marks, mp, base, pending, pendingIndex)
        }
        m.pos = pos
        m.memoSize = memoSize
        m.finish(value, Math.max(nest, last), at)
        return value
      default:
        fail(m, at, 'opcode', { byte: bytes[at] as number })
    }

    // A mark was closed: back to the context below it. `last` is the depth of what was made of the items.
    mp -= 3
    const context = marks[mp] as number
    base = context >> 3
    pending = context & 3
    pendingIndex = marks[mp + 2] as number
    nest = Math.max(marks[mp + 1] as number, last)
  }
}

/** Little-endian, signed. */
function int32(bytes: Uint8Array, pos: number): number {
  return (
    (bytes[pos] as number) |
    ((bytes[pos + 1] as number) << 8) |
    ((bytes[pos + 2] as number) << 16) |
    ((bytes[pos + 3] as number) << 24)
  )
}

/** What the opcode at `pos` gets from the memo, if it is a GET; nothing is consumed. */
function peekGet(m: Machine, pos: number, end: number): unknown {
  const { bytes } = m
  let index = -1
  if (bytes[pos] === 0x68 /* BINGET */ && pos + 1 < end) index = bytes[pos + 1] as number
  else if (bytes[pos] === 0x6a /* LONG_BINGET */ && pos + 4 < end) index = int32(bytes, pos + 1) >>> 0
  else if (bytes[pos] === 0x67 /* GET */) index = readIndex(m, pos + 1, lineEnd(m, pos + 1, end, pos), pos)
  return index < m.memoSize ? m.memo[index] : m.sparse?.get(index)
}

/** A length of 1, 4 or 8 bytes, unsigned, that is there: no allocation can come before this. */
function readSize(m: Machine, pos: number, width: 1 | 4 | 8, end: number, at: number): number {
  const { bytes } = m
  if (end - pos < width) failEnd(m, at, width, end, m.inputEnd)
  if (width === 1) {
    const size = bytes[pos] as number
    if (size > end - pos - 1) failLength(m, at, size, end - pos - 1, end < m.inputEnd)
    return size
  }
  const low = int32(bytes, pos) >>> 0
  const high = width === 8 ? int32(bytes, pos + 4) >>> 0 : 0
  const size = high * 0x1_0000_0000 + low
  const left = end - pos - width
  if (size > left) failLength(m, at, (BigInt(high) << 32n) | BigInt(low), left, end < m.inputEnd)
  return size
}

function toInt(int: number | bigint, exact: boolean): number | bigint {
  if (exact) return BigInt(int)
  return typeof int === 'bigint' && Number.isSafeInteger(Number(int)) ? Number(int) : int
}

/** A Float; the bits of a NaN are kept, for a JavaScript number does not keep them. */
function exactFloat(m: Machine, pos: number, value: number): Float {
  if (!Number.isNaN(value)) return new Float(value)
  const bits = m.view.getBigUint64(pos)
  return bits === 0x7ff8_0000_0000_0000n ? new Float(value) : new Float(value, bits)
}

/** Whether a value may hold others, as far as depth goes. */
function isDeep(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && !(value instanceof Float)
}

/** The depth of a tuple of which so many items are objects: with one, it is the last container that was made. */
function tupleDepth(objects: number, last: number, nest: number): number {
  return objects === 0 ? 1 : objects === 1 ? last + 1 : nest + 1
}

/** Makes the container right below the last mark early, and empty. */
function makeOne(m: Machine, stack: unknown[], base: number, pending: number, index: number): object {
  const container = pending === LIST ? [] : emptyDict(m)
  stack[base - 1] = container
  if (index >= 0 && m.memo[index] === PENDING) m.memo[index] = container
  return container
}

/**
 * Makes the container right below the last mark, because the mark was not that of its first batch: something else is made of
 * what stands above. Of a dict that may be its first key, so what the dict becomes is still open.
 */
function makeBelow(m: Machine, stack: unknown[], base: number, pending: number, index: number, memoSize: number): void {
  const container = makeOne(m, stack, base, pending, index)
  if (pending !== DICT) return
  m.memoSize = memoSize
  m.addUndecided(container, base - 1)
  if (index >= 0 && m.memo[index] === container) m.memo[index] = m.memoValue(container, base - 1, index)
}

/**
 * Makes all pending containers, because one of them was got from the memo. From the top down: of two that share a memo index the
 * later one is meant. Bit 2 of a context says that everything from there down was made: each context is visited once. Only
 * what is got has a reference; what the other dicts become is still open.
 */
function makePending(
  m: Machine,
  stack: unknown[],
  marks: number[],
  mp: number,
  base: number,
  pending: number,
  pendingIndex: number,
): void {
  const dicts: UndecidedDict[] = []
  const make = (base: number, pending: number, index: number): void => {
    const container = makeOne(m, stack, base, pending, index)
    if (pending !== DICT || m.dicts !== 'auto') return
    const dict = new UndecidedDict(container, base - 1)
    dicts.push(dict)
    if (index < 0 || m.memo[index] !== container) return
    dict.index = index
    m.memo[index] = dict
  }
  if (pending !== 0) make(base, pending, pendingIndex)
  for (let i = mp - 3; i >= 0; i -= 3) {
    const context = marks[i] as number
    if (context & 4) break
    if (context & 3) make(context >> 3, context & 3, marks[i + 2] as number)
    marks[i] = (context & ~3) | 4
  }
  m.insertUndecided(dicts)
}

/** Whether the reader made this object by an opcode of its own, so that its opcodes act on it. */
function isOurs(m: Machine, object: unknown): boolean {
  return !m.objectsIfAny?.isOwned(object)
}

function isOurList(m: Machine, list: unknown): list is unknown[] {
  return typeof list === 'object' && list !== null && Object.getPrototypeOf(list) === Array.prototype && isOurs(m, list)
}

function append(
  m: Machine,
  opcode: string,
  list: unknown,
  stack: readonly unknown[],
  from: number,
  to: number,
  at: number,
): void {
  if (isOurList(m, list)) {
    for (let i = from; i < to; i++) list.push(stack[i])
  } else m.objects.addItems(opcode, list, stack, from, to, at)
}

function addToSet(m: Machine, set: unknown, stack: readonly unknown[], from: number, to: number, at: number): void {
  const prototype: unknown = typeof set === 'object' && set !== null ? Object.getPrototypeOf(set) : undefined
  if ((prototype === Set.prototype || prototype === PySet.prototype) && isOurs(m, set)) {
    addSetItems(m, set as Set<unknown> | PySet, stack, from, to, at)
  } else m.objects.addItems('ADDITEMS', set, stack, from, to, at)
}

/** SETITEM and SETITEMS on what lies in a slot of the stack. */
function setItems(
  m: Machine,
  opcode: string,
  slot: number,
  stack: unknown[],
  from: number,
  to: number,
  at: number,
): void {
  let target = stack[slot]
  if (!isDict(target) || !isOurs(m, target)) {
    m.objects.setItems(opcode, target, stack, from, to, at)
    return
  }
  if (m.dicts === 'auto' && !fitsObject(stack, from, to)) {
    const map = m.replaceUndecided(target, slot)
    if (map !== undefined) stack[slot] = target = map
  }
  setDictItems(m, target as object, stack, from, to, at)
}
