"""What CPython says of a pickle without trusting it, and seeded random pickles to ask about."""
import contextlib
import copyreg
import io
import itertools
import pickle
import pickletools
import random
import struct
import sys

import differential
import graphs as random_graphs
import rewrite

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


def graphs(first, count):
    """Random graphs by both picklers, and every second one in opcodes that no pickler of Python 3 writes."""
    out = []
    for seed in range(first, first + count):
        how = differential.plan(seed)
        pickler = differential.PythonPickler if how['pickler'] == 'Python' else differential.CPickler
        try:
            data, _ = differential.dump(random_graphs.make(seed, how['protocol'])[0], how, pickler)
        except RecursionError:
            continue
        out.append(data if seed % 2 else rewrite.rewrite(data, random.Random(seed)))
    return out


# Quotes, backslashes, what is not printable, what is no character, and neighbours that look like one.
CHARACTERS = 'ab\'"\\\n\r\t\0\x1a\x7f\x80\xa0\xad\xe9\xff\u0100\u0301\u200b\u2028\ud800\udc00\ue000\uffff\U0001f600\U000e0001\U0010ffff 0'
INTS = (0, 255, 256, 65535, 65536, -1, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**63, -(2**63), 2**2000, 1 - 2**2100)
FLOATS = (0.0, -0.0, float('inf'), float('-inf'), float('nan'), 1e16, 9999999999999998.0, 1e-5, 1e-4, 0.1, 1e22, 5e-324, 1.7e308)


def atoms(seed, count):
    """Lists of atoms that are hard to print."""
    rng = random.Random(seed)

    def atom():
        kind = rng.randrange(7)
        if kind == 0:
            return rng.choice(INTS)
        if kind == 1:
            return rng.choice((-1, 1)) * rng.getrandbits(rng.randrange(1, 80))
        if kind == 2:
            return rng.choice(FLOATS)
        if kind == 3:
            return struct.unpack('>d', struct.pack('>Q', rng.getrandbits(64)))[0]
        if kind == 4:
            return rng.random() * 10 ** rng.randrange(-20, 20)
        if kind == 5:
            return rng.choice((bytes, bytearray))(rng.choice(b'\'"\\\n\x00a\x7f\xff') for _ in range(rng.randrange(12)))
        return ''.join(rng.choice(CHARACTERS) for _ in range(rng.randrange(12)))

    out = []
    for _ in range(count):
        data = io.BytesIO()
        rng.choice((pickle.Pickler, pickle._Pickler))(data, rng.randrange(6)).dump([atom() for _ in range(rng.randrange(9))])
        out.append(data.getvalue())
    return out
