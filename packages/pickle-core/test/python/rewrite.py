"""Writes a pickle in other words: equivalent opcodes take each other's place, and those that no pickler of Python 3 writes come in.

The result is no pickle that some pickler would write, but one that an unpickler has to read as the same value. What the opcodes do
is in Lib/pickletools.py; a stack of what was pushed where tells which opcodes belong together.
"""
import pickletools
import struct

# Objects of these classes are the same, called or made by __new__ alone.
MADE = {'graph_classes ' + name for name in ('Made', 'Extends', 'Set', 'Registered', 'Tabled', 'Overridden')}
PLAIN = {'graph_classes ' + name for name in ('Plain', 'SameHash', 'Ext1', 'Ext2', 'Ext4', 'Slots', 'ListSub', 'DictSub')}
CODES = {'graph_classes Ext1': 0xF1, 'graph_classes Ext2': 0xFFF1, 'graph_classes Ext4': 0x7FFFFFF1}
INTS = {'INT', 'BININT', 'BININT1', 'BININT2', 'LONG', 'LONG1', 'LONG4'}
STRINGS = {'UNICODE', 'BINUNICODE', 'SHORT_BINUNICODE', 'BINUNICODE8'}
ATOMS = INTS | {'NONE', 'NEWTRUE', 'NEWFALSE', 'FLOAT', 'BINFLOAT'}
TUPLES = {'EMPTY_TUPLE', 'TUPLE1', 'TUPLE2', 'TUPLE3', 'TUPLE'}
PUTS = {'PUT', 'BINPUT', 'LONG_BINPUT', 'MEMOIZE'}
GETS = {'GET', 'BINGET', 'LONG_BINGET'}
EXTS = {'EXT1', 'EXT2', 'EXT4'}


class Item:
    """Something on the stack: the opcodes that made it, and what is known of it."""

    def __init__(self, start, op, parts=(), mark=None, text=None):
        self.start = start
        self.op = op
        self.end = op
        self.parts = parts
        self.mark = mark
        # Of a string its value, of a global 'module name', of a call 'module name()'.
        self.text = text
        self.index = None
        self.put = None
        self.filled = False
        # A tuple that is still written as it was.
        self.clean = True


def text(value):
    """As SHORT_BINUNICODE."""
    data = value.encode('utf-8')
    return b'\x8c' + bytes([len(data)]) + data


class Rewriter:
    def __init__(self, data, rng):
        self.rng = rng
        ops = [(op.name, arg, pos) for op, arg, pos in pickletools.genops(data)]
        ends = [pos for _, _, pos in ops[1:]] + [len(data)]
        kept = [(name, arg, data[pos:end]) for (name, arg, pos), end in zip(ops, ends) if name != 'FRAME']
        self.names = [name for name, _, _ in kept]
        self.args = [arg for _, arg, _ in kept]
        self.raw = [raw for _, _, raw in kept]
        self.original = list(self.raw)
        self.dotted = False
        count = len(kept)
        # What comes before an opcode: what ends the item before it, then what begins one with it.
        self.ends = [b''] * count
        self.begins = [b''] * count
        self.changed = [False] * count
        self.proto = self.args[0] if self.names[0] == 'PROTO' else None
        self.newest = 5 if self.proto is None else self.proto
        # With MEMOIZE the order of what is memoized has to stay.
        self.keep_order = self.newest >= 4 and rng.random() < 0.3
        self.memo = {}
        self.got = {}
        memoized = 0
        for i, name in enumerate(self.names):
            if name == 'MEMOIZE':
                self.args[i] = memoized
            if name in PUTS:
                memoized += 1
            elif name in GETS:
                self.got.setdefault(self.args[i], []).append(i)

    def chance(self, share):
        return self.rng.random() < share

    def set(self, i, raw):
        self.raw[i] = raw
        self.changed[i] = True

    def drop(self, item):
        """Leaves out an item of one opcode, with its PUT."""
        self.set(item.op, b'')
        if item.put is not None:
            self.set(item.put, b'')

    def is_single(self, item):
        """Whether it was pushed by one opcode, and nobody gets it from the memo."""
        return item.start == item.op and not self.changed[item.op] and not self.is_used(item)

    def is_used(self, item):
        return item.put is not None and (self.keep_order or item.index in self.got)

    def begin(self, item):
        self.begins[item.start] = b'(' + self.begins[item.start]
        self.no_dup(item)

    def end_before(self, item, raw):
        self.ends[item.start] = raw
        self.no_dup(item)

    def no_dup(self, item):
        """What stands before it on the stack is another value now."""
        if self.raw[item.start] == b'2':
            self.raw[item.start] = self.original[item.start]

    # --- the stack ---

    def structure(self):
        self.stack, self.marks = [], []
        # Where what was thrown away began.
        self.popped = None
        for i, name in enumerate(self.names):
            method = getattr(self, 'on_' + name, None)
            if method:
                method(i)
            elif name in PUTS:
                self.put(i)
            elif name not in ('PROTO', 'STOP'):
                self.push(i)

    def push(self, i):
        name, arg = self.names[i], self.args[i]
        item = Item(i, i, text=arg if name in STRINGS else None)
        if name in GETS and self.names[i - 1] in ('POP', 'POP_MARK') and self.popped is not None:
            # A tuple or an object that contains itself: what was thrown away belongs to it.
            item.start = self.popped
        if name in GETS:
            known = self.memo.get(arg)
            if known is not None:
                item.text = known.text
                before = self.stack[-1] if self.stack else None
                if before is known and before.put == i - 1 and self.chance(0.5):
                    self.set(i, b'2')  # DUP
        elif name in ATOMS:
            if i > 0 and self.names[i - 1] == name and self.args[i - 1] == arg and self.raw[i] == self.raw[i - 1] and self.chance(0.5):
                self.set(i, b'2')
            elif self.chance(0.03):
                self.set(i, self.raw[i] + b'20')  # DUP, POP
        elif name in EXTS:
            if self.chance(0.5):
                self.set(i, self.extension(arg))
        self.stack.append(item)

    def extension(self, code):
        forms = [b'\x84' + struct.pack('<i', code)]
        if code < 0x10000:
            forms.append(b'\x83' + struct.pack('<H', code))
        if code < 0x100:
            forms.append(b'\x82' + bytes([code]))
        return self.rng.choice(forms)

    def put(self, i):
        item = self.stack[-1]
        if item.put is None:
            item.put, item.index, item.end = i, self.args[i], i
        self.memo[self.args[i]] = item

    def above_mark(self):
        height, mark = self.marks.pop()
        items = self.stack[height:]
        del self.stack[height:]
        return items, mark

    def on_MARK(self, i):
        self.marks.append((len(self.stack), i))

    def on_POP(self, i):
        if self.names[i - 1] != 'POP':
            self.popped = None
        if self.marks and self.marks[-1][0] == len(self.stack):
            self.popped = self.marks.pop()[1]
            return
        item = self.stack.pop()
        # The result of a state setter is thrown away, too.
        if item.text != 'graph_classes set_state()':
            self.popped = item.start

    def on_POP_MARK(self, i):
        items, self.popped = self.above_mark()
        if self.chance(0.3):
            self.set(i, b'0' * (len(items) + 1))

    def leads_to_object(self, i):
        """Whether a tuple is the arguments of an object."""
        after = i + 2 if i + 1 < len(self.names) and self.names[i + 1] in PUTS else i + 1
        return self.names[after] in ('REDUCE', 'NEWOBJ')

    def on_EMPTY_TUPLE(self, i):
        item = Item(i, i)
        self.stack.append(item)
        if self.chance(0.3) and not self.leads_to_object(i):
            self.set(i, b'(t')

    def tuple_of(self, i, items, mark):
        item = Item(mark if mark is not None else items[0].start, i, items, mark)
        self.stack.append(item)
        if self.chance(0.5) or self.leads_to_object(i) and self.chance(0.7):
            return
        item.clean = False
        if mark is None:
            self.begin(item)
            self.set(i, b't')
        elif len(items) <= 3 and self.newest >= 2:
            self.set(mark, b'')
            self.set(i, b')\x85\x86\x87'[len(items) : len(items) + 1])

    def on_TUPLE(self, i):
        self.tuple_of(i, *self.above_mark())

    def short_tuple(self, i, count):
        items = self.stack[-count:]
        del self.stack[-count:]
        self.tuple_of(i, items, None)

    def on_TUPLE1(self, i):
        self.short_tuple(i, 1)

    def on_TUPLE2(self, i):
        self.short_tuple(i, 2)

    def on_TUPLE3(self, i):
        self.short_tuple(i, 3)

    def marked(self, i, empty):
        """LIST and DICT: the empty forms are one opcode in newer protocols."""
        items, mark = self.above_mark()
        item = Item(mark, i, items, mark)
        self.stack.append(item)
        if not items and self.chance(0.5):
            self.set(mark, b'')
            self.set(i, empty)

    def on_LIST(self, i):
        self.marked(i, b']')

    def on_DICT(self, i):
        self.marked(i, b'}')

    def on_FROZENSET(self, i):
        items, mark = self.above_mark()
        self.stack.append(Item(mark, i, items, mark))

    def fill(self, i, items, mark, one, many, whole, step):
        """Items go into a container: one by one, all at once, or with the container made of them."""
        target = self.stack[-1]
        first = not target.filled
        target.filled = True
        if not items:
            return
        is_empty = self.names[target.op] in ('EMPTY_LIST', 'EMPTY_DICT') and target.start == target.op
        if first and is_empty and not self.keep_order and target.put == target.op + 1 and self.chance(0.3):
            # Nothing may refer to it before it is there.
            if not any(target.op < at < i for at in self.got.get(target.index, ())) and not self.changed[target.op]:
                self.set(target.op, b'' if mark is not None else b'(')
                self.set(target.put, b'')
                self.set(i, whole + self.put_form(target.index))
                return
        if mark is None:
            if self.chance(0.4):
                self.begin(items[0])
                self.set(i, many)
        elif self.chance(0.3):
            if one is None:
                # A set takes its items in batches only.
                for item in items[1:]:
                    self.end_before(item, many + b'(')
            else:
                self.set(mark, b'')
                for item in items[step::step]:
                    self.end_before(item, one)
                self.set(i, one)

    def on_APPEND(self, i):
        item = self.stack.pop()
        self.fill(i, [item], None, b'a', b'e', b'l', 1)

    def on_APPENDS(self, i):
        self.fill(i, *self.above_mark(), b'a', b'e', b'l', 1)

    def on_SETITEM(self, i):
        items = self.stack[-2:]
        del self.stack[-2:]
        self.fill(i, items, None, b's', b'u', b'd', 2)

    def on_SETITEMS(self, i):
        self.fill(i, *self.above_mark(), b's', b'u', b'd', 2)

    def on_ADDITEMS(self, i):
        self.fill(i, *self.above_mark(), None, b'\x90', None, 1)

    # --- globals and objects ---

    def on_GLOBAL(self, i):
        name = self.args[i]
        self.stack.append(Item(i, i, text=name))
        if name in CODES and self.chance(0.5):
            self.set(i, self.extension(CODES[name]))
        elif self.newest >= 4 and self.chance(0.5):
            module, qualified = name.split(' ')
            self.set(i, text(module) + text(qualified) + b'\x93')

    def on_STACK_GLOBAL(self, i):
        module, name = self.stack[-2:]
        del self.stack[-2:]
        item = Item(module.start, i, text='%s %s' % (module.text, name.text))
        self.dotted = self.dotted or '.' in name.text
        self.stack.append(item)
        line = ('c%s\n%s\n' % (module.text, name.text)).encode('utf-8')
        choice = self.rng.random()
        if item.text in CODES and choice < 0.3:
            line = self.extension(CODES[item.text])
        elif choice < 0.6:
            return
        if self.is_single(module) and self.is_single(name):
            self.drop(module)
            self.drop(name)
            self.set(i, line)
        else:
            self.set(i, b'00' + line)  # POP, POP

    def make(self, i, cls, args):
        """REDUCE and NEWOBJ as OBJ or INST."""
        is_tuple = self.names[args.op] in TUPLES
        ready = is_tuple and args.end == i - 1 and args.clean and not self.is_used(args) and not self.changed[args.op]
        if not ready or not self.chance(0.5):
            return False
        if args.mark is not None:
            self.set(args.mark, b'')
        self.drop(args)
        single = cls.start == cls.op and not self.is_used(cls) and not self.changed[cls.op]
        if single and cls.text and (args.parts or not self.begins[i]) and self.chance(0.6):
            # The MARK stands where the class stood.
            self.drop(cls)
            self.set(cls.op, b'(')
            self.set(i, ('i%s\n%s\n' % tuple(cls.text.split(' '))).encode('utf-8'))
        else:
            self.begin(cls)
            self.set(i, b'o')
        return True

    def on_REDUCE(self, i):
        cls, args = self.stack[-2:]
        del self.stack[-2:]
        self.stack.append(Item(cls.start, i, text='%s()' % cls.text))
        if cls.text in MADE:
            self.make(i, cls, args)

    def on_NEWOBJ(self, i):
        cls, args = self.stack[-2:]
        del self.stack[-2:]
        self.stack.append(Item(cls.start, i))
        if cls.text in PLAIN and self.names[args.op] == 'EMPTY_TUPLE' and self.make(i, cls, args):
            return
        if self.newest >= 4 and self.chance(0.1):
            self.set(i, b'}\x92')  # NEWOBJ_EX without keywords

    def on_NEWOBJ_EX(self, i):
        cls = self.stack[-3]
        del self.stack[-3:]
        self.stack.append(Item(cls.start, i))

    def on_BUILD(self, i):
        self.stack.pop()

    def on_PERSID(self, i):
        self.stack.append(Item(i, i))
        if self.newest >= 4 and self.chance(0.5):
            self.set(i, text(self.args[i]) + b'Q')

    def on_BINPERSID(self, i):
        pid = self.stack.pop()
        self.stack.append(Item(pid.start, i))
        if self.names[pid.op] in STRINGS and pid.text.isascii() and '\n' not in pid.text and self.is_single(pid) and self.chance(0.5):
            self.drop(pid)
            self.set(i, b'P' + pid.text.encode('ascii') + b'\n')

    def on_READONLY_BUFFER(self, i):
        self.stack[-1].end = i

    # --- single opcodes ---

    def put_form(self, index):
        forms = [b'r' + struct.pack('<I', index), b'p%d\n' % index]
        if index < 256:
            forms.append(b'q' + bytes([index]))
        return self.rng.choice(forms)

    def get_form(self, index):
        forms = [b'j' + struct.pack('<I', index), b'g%d\n' % index]
        if index < 256:
            forms.append(b'h' + bytes([index]))
        return self.rng.choice(forms)

    def other_form(self, i):
        """The same by another opcode, or None."""
        name, arg = self.names[i], self.args[i]
        if name in PUTS:
            return self.put_form(arg)
        if name in GETS:
            return self.get_form(arg)
        if name in ('NEWTRUE', 'NEWFALSE') or arg is True or arg is False:
            value = name == 'NEWTRUE' or arg is True
            return self.rng.choice((b'I01\n' if value else b'I00\n', b'\x88' if value else b'\x89'))
        if name in INTS:
            return self.int_form(arg)
        if name in STRINGS:
            return self.text_form(arg)
        if name in ('SHORT_BINBYTES', 'BINBYTES'):
            forms = [b'B' + struct.pack('<I', len(arg)) + arg]
            if len(arg) < 256:
                forms.append(b'C' + bytes([len(arg)]) + arg)
            if self.newest >= 4:
                forms += [b'\x8e' + struct.pack('<Q', len(arg)) + arg] * 3
            return self.rng.choice(forms)
        if name in ('FLOAT', 'BINFLOAT') and arg == arg:
            return self.rng.choice((b'F' + repr(arg).encode() + b'\n', b'G' + struct.pack('>d', arg)))
        return None

    def int_form(self, value):
        size = (value.bit_length() >> 3) + 1 if value else 0
        data = value.to_bytes(size, 'little', signed=True)
        forms = [b'\x8b' + struct.pack('<i', size) + data]
        if size < 256:
            forms.append(b'\x8a' + bytes([size]) + data)
        if size < 1000:
            forms += [b'I%d\n' % value, b'L%dL\n' % value]
        if 0 <= value < 256:
            forms.append(b'K' + bytes([value]))
        if 0 <= value < 65536:
            forms.append(b'M' + struct.pack('<H', value))
        if -(2**31) <= value < 2**31:
            forms.append(b'J' + struct.pack('<i', value))
        return self.rng.choice(forms)

    def text_form(self, value):
        data = value.encode('utf-8', 'surrogatepass')
        forms = [b'X' + struct.pack('<I', len(data)) + data]
        escaped = value.replace('\\', '\\u005c')
        for character in '\0\n\r\x1a':
            escaped = escaped.replace(character, '\\u%04x' % ord(character))
        forms.append(b'V' + escaped.encode('raw-unicode-escape') + b'\n')
        if self.newest >= 4:
            forms.append(b'\x8d' + struct.pack('<Q', len(data)) + data)
            if len(data) < 256:
                forms.append(b'\x8c' + bytes([len(data)]) + data)
        if value.isascii():
            forms += [b'T' + struct.pack('<i', len(data)) + data] * 2 + [b'S' + repr(value).encode('ascii') + b'\n'] * 2
            if len(data) < 256:
                forms += [b'U' + bytes([len(data)]) + data] * 2
        return self.rng.choice(forms)

    def frames(self, chunks):
        """The opcodes in frames, in none, or in both."""
        kind = self.rng.randrange(4) if self.newest >= 4 else 0
        if kind == 0:
            return b''.join(chunks)
        out, at = b'', 0
        while at < len(chunks):
            count = len(chunks) if kind == 1 else self.rng.choice((1, 3, 10, 50))
            body = b''.join(chunks[at : at + count])
            out += body if kind == 3 and self.chance(0.3) else b'\x95' + struct.pack('<Q', len(body)) + body
            at += count
        return out

    def result(self):
        self.structure()
        share = self.rng.choice((0.2, 0.5, 0.9))
        for i, name in enumerate(self.names):
            if self.changed[i]:
                continue
            if name in PUTS and not self.keep_order:
                self.raw[i] = self.put_form(self.args[i])
            elif name != 'MEMOIZE' and self.chance(share):
                self.raw[i] = self.other_form(i) or self.raw[i]
            elif name == 'MEMOIZE' and self.chance(share):
                self.raw[i] = self.put_form(self.args[i])
        chunks = [end + begin + raw for end, begin, raw in zip(self.ends, self.begins, self.raw)]
        head = chunks.pop(0) if self.proto is not None else b''
        if self.proto is not None and self.chance(0.2):
            # Without PROTO a name with a dot is no path.
            head = b'' if self.chance(0.5) and not self.dotted else b'\x80' + bytes([min(5, self.proto + 1) if self.proto != 2 else 2])
        return head + self.frames(self.together(chunks))

    def together(self, chunks):
        """What lies in one frame: a pickler throws a value away, and gets another one for it, at once."""
        parts = []
        first = len(self.names) - len(chunks)
        for i, chunk in enumerate(chunks, first):
            if i > first and 'POP' in (self.names[i], self.names[i - 1]):
                parts[-1] += chunk
            elif chunk:
                parts.append(chunk)
        return parts


def rewrite(data, rng):
    """The same pickle in other opcodes."""
    return Rewriter(data, rng).result()
