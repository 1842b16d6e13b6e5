"""What CPython says of a pickle without trusting it, and seeded random pickles to ask about."""
import contextlib
import copyreg
import decimal
import functools
import io
import itertools
import pickle
import pickletools
import random
import struct
import sys

if hasattr(sys, 'set_int_max_str_digits'):
    sys.set_int_max_str_digits(0)

ERRORS = (ValueError, IndexError, OverflowError, MemoryError)


def dis(data, annotate=0, indent=4):
    """What dis prints, and the error that it ends with."""
    text = io.StringIO()
    error = None
    try:
        pickletools.dis(data, text, annotate=annotate, indentlevel=indent)
    except ERRORS as problem:
        error = '%s: %s' % (type(problem).__name__, problem)
    return [text.getvalue(), error]


def optimize(data):
    """The bytes, or None where it fails."""
    try:
        return pickletools.optimize(data)
    except ERRORS + (KeyError, TypeError):
        return None


def genops(data):
    """A line for each opcode, and whether the last one is STOP."""
    lines = []
    try:
        for opcode, arg, pos in pickletools.genops(data):
            lines.append('%d %s %s' % (pos, opcode.name, canonical(arg)))
    except ERRORS:
        return ['\n'.join(lines), False]
    return ['\n'.join(lines), True]


def canonical(arg):
    if isinstance(arg, float):
        return 'float ' + struct.pack('>d', arg).hex()
    if isinstance(arg, str):
        return 'str ' + arg.encode('utf-16-be', 'surrogatepass').hex()
    if isinstance(arg, (bytes, bytearray)):
        return 'bytes ' + arg.hex()
    return '%s %s' % (type(arg).__name__, arg)


def table():
    """Each opcode with what follows it: a number of bytes, -1 or -2 lines, or c1, c4, c8 for a length and that many bytes."""
    lengths = {pickletools.TAKEN_FROM_ARGUMENT1: 'c1', pickletools.TAKEN_FROM_ARGUMENT4: 'c4',
               pickletools.TAKEN_FROM_ARGUMENT4U: 'c4', pickletools.TAKEN_FROM_ARGUMENT8U: 'c8'}
    rows = []
    for opcode in pickletools.opcodes:
        arg = opcode.arg
        if arg is None:
            follows = 0
        elif arg.n == pickletools.UP_TO_NEWLINE:
            follows = -2 if arg.name.endswith('_pair') else -1
        else:
            follows = lengths.get(arg.n, arg.n)
        rows.append([opcode.name, ord(opcode.code), opcode.proto, follows])
    return rows


class Anything:
    """Stands for every class: takes whatever a pickle does to it, on the class itself and on its objects."""

    def __new__(cls, *args, **kwargs):
        return object.__new__(cls)

    def __init__(*args, **kwargs):
        pass

    def __call__(*args, **kwargs):
        return Anything()

    def nothing(*args, **kwargs):
        pass

    __setstate__ = append = extend = add = update = __setitem__ = nothing


class Asking(pickle.Unpickler):
    """Imports nothing, and notes what it is asked for."""

    def __init__(self, data):
        super().__init__(io.BytesIO(data), encoding='latin1', buffers=itertools.repeat(b''))
        self.asked = []

    def find_class(self, module, name):
        self.asked.append([module, name])
        return Anything

    def persistent_load(self, pid):
        return Anything()


@contextlib.contextmanager
def little_memory():
    """A broken pickle can make CPython reserve gigabytes, for a memo index or a length, and clear them."""
    try:
        import resource
    except ImportError:
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (1 << 29, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def asked(data):
    """The globals that CPython's own unpickler asks for, and its error."""
    copyreg.clear_extension_cache()
    unpickler = Asking(data)
    # CPython complains of a bytearray that it could not fill.
    with little_memory(), contextlib.redirect_stderr(io.StringIO()):
        try:
            unpickler.load()
        except Exception as problem:
            return [unpickler.asked, '%s: %s' % (type(problem).__name__, problem)]
    return [unpickler.asked, None]


class Made:
    """A reduce value with the parts that it was given."""

    def __init__(self, *args):
        self.parts = ()

    def __reduce_ex__(self, protocol):
        return self.parts


class Plain:
    """NEWOBJ and BUILD."""


class WithNew:
    """NEWOBJ_EX."""

    def __new__(cls, *args, **kwargs):
        return object.__new__(cls)

    def __getnewargs_ex__(self):
        return (1,), {'key': 'word'}


class Persistent:
    """Written as a persistent id."""

    def __init__(self, pid):
        self.pid = pid


class Registered:
    """Written as an extension code."""


copyreg.add_extension(Registered.__module__, Registered.__qualname__, 77)

CHARACTERS = 'ab\'"\\\n\r\t\0\x1a\x7f\x80\xa0\xad\xe9\xff\u0100\u0301\u200b\u2028\ud800\udc00\ue000\uffff\U0001f600\U000e0001\U0010ffff 0'
GLOBALS = (int, len, Plain, WithNew, OSError, Registered, range, dict.fromkeys, decimal.Decimal, functools.reduce)


class Graphs:
    """Random values: every type and opcode that picklers write, sharing and cycles."""

    def __init__(self, rng):
        self.rng = rng
        self.seen = []

    def text(self):
        return ''.join(self.rng.choice(CHARACTERS) for _ in range(self.rng.randrange(12)))

    def size(self):
        return self.rng.choice((0, 1, 2, 3, 9, 300)) if self.rng.random() < 0.98 else self.rng.choice((66000, 65536))

    def number(self):
        kind = self.rng.randrange(6)
        if kind < 2:
            return self.rng.choice((-1, 1)) * self.rng.getrandbits(self.rng.choice((1, 7, 8, 9, 16, 17, 31, 32, 33, 63, 64, 2100)))
        if kind == 2:
            return self.rng.choice((0, 255, 256, 65535, 65536, -1, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1))
        if kind == 3:
            return self.rng.choice((0.0, -0.0, float('inf'), float('-inf'), float('nan'), 1e16, 1e-5, 0.1, 1e22, 5e-324, 1.7e308))
        if kind == 4:
            return struct.unpack('>d', struct.pack('>Q', self.rng.getrandbits(64)))[0]
        return self.rng.random() * 10 ** self.rng.randrange(-20, 20)

    def atom(self):
        kind = self.rng.randrange(9)
        if kind < 3:
            return self.number()
        if kind < 5:
            return self.text()
        if kind == 5:
            return self.rng.choice((None, True, False, Ellipsis, NotImplemented))
        if kind == 6:
            data = bytes(self.rng.getrandbits(8) for _ in range(self.size() % 1000)) * (66 if self.rng.random() < 0.01 else 1)
            return self.rng.choice((bytes, bytearray))(data)
        if kind == 7:
            return 'x' * self.size()
        return self.rng.choice(GLOBALS)

    def value(self, depth):
        rng = self.rng
        if self.seen and rng.random() < 0.15:
            return rng.choice(self.seen)
        if depth == 0 or rng.random() < 0.3:
            value = self.atom()
        else:
            value = self.container(depth - 1)
        self.seen.append(value)
        return value

    def items(self, depth):
        count = self.rng.choice((0, 1, 1, 2, 3, 4, 5)) if self.rng.random() < 0.99 else self.rng.choice((1000, 1001))
        return [self.value(depth) if count < 9 else i for i in range(count)]

    def container(self, depth):
        rng = self.rng
        kind = rng.randrange(11)
        if kind < 3:
            value = []
            self.seen.append(value)
            value.extend(self.items(depth))
        elif kind < 5:
            value = {}
            self.seen.append(value)
            for item in self.items(depth):
                value[rng.choice((self.text(), rng.randrange(9), self.text()))] = item
        elif kind == 5:
            value = tuple(self.items(depth))
        elif kind == 6:
            value = rng.choice((set, frozenset))(rng.choice((self.text(), rng.randrange(99))) for _ in range(rng.randrange(5)))
        elif kind == 7:
            value = Plain()
            self.seen.append(value)
            value.__dict__.update((self.text() or '_', item) for item in self.items(depth))
        elif kind == 8:
            value = WithNew()
            value.held = self.value(depth)
        elif kind == 9:
            value = Made()
            self.seen.append(value)
            parts = [Made, tuple(self.items(depth)), self.value(depth), iter(self.items(depth)), iter([(self.text(), self.value(depth))])]
            value.parts = tuple(part if i < 2 or rng.random() < 0.7 else None for i, part in enumerate(parts))
            # An iterator can be used once: the pickler must find this object in its memo the second time.
        else:
            value = Persistent(rng.choice(('an id', 7, ('a', 'b'))))
        return value


class WithIds(pickle.Pickler):
    def persistent_id(self, value):
        return value.pid if isinstance(value, Persistent) else None


class WithIdsInPython(pickle._Pickler):
    def persistent_id(self, value):
        return value.pid if isinstance(value, Persistent) else None


def random_pickles(seed, count):
    """Seeded: the same with the same Python. All protocols, both picklers."""
    rng = random.Random(seed)
    out = []
    while len(out) < count:
        value = Graphs(rng).value(rng.choice((1, 2, 3, 4)))
        data = io.BytesIO()
        pickler = rng.choice((WithIds, WithIds, WithIdsInPython))(data, rng.randrange(pickle.HIGHEST_PROTOCOL + 1))
        pickler.fast = rng.random() < 0.02
        try:
            pickler.dump(value)
        except (pickle.PicklingError, ValueError, RecursionError):
            # Protocol 0 has no persistent ids but strings of ASCII; fast mode has no cycles.
            continue
        out.append(data.getvalue())
    return out
