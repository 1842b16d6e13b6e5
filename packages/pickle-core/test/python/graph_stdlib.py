"""Objects of the standard library, and globals, for the random graphs."""
import array
import collections
import datetime
import decimal
import enum
import fractions
import functools
import ipaddress
import operator
import pathlib
import re
import types
import uuid

import graph_classes as gc

Named = collections.namedtuple('Named', ('first', 'second'))


class Colour(enum.Enum):
    RED = 1
    BLUE = 'blue'


class Flags(enum.IntFlag):
    A = 1
    B = 2


GLOBALS = (
    int, str, object, len, gc.Plain, gc.make, gc.Outer, gc.Outer.Inner, gc.Outer.build, gc.Outer.Deep.Deeper, OSError, ValueError,
    collections.OrderedDict, functools.reduce, range, operator.add, gc.Ext1, gc.Ext2, gc.Ext4, dict.fromkeys, 'text'.upper, [].append,
    type(None), type(Ellipsis), type(NotImplemented), Colour, types.SimpleNamespace, bytes, map,
)


def stdlib_values(rng, part):
    """Objects of the standard library; `part` makes what they hold."""
    stamp = datetime.datetime(1 + rng.randrange(9000), 1 + rng.randrange(12), 1 + rng.randrange(28), 3, 4, 5, rng.randrange(10**6))
    kind = rng.randrange(34)
    if kind == 0:
        return stamp
    if kind == 1:
        return stamp.replace(tzinfo=datetime.timezone(datetime.timedelta(minutes=rng.randrange(-700, 700))))
    if kind == 2:
        return stamp.date()
    if kind == 3:
        return stamp.time()
    if kind == 4:
        return datetime.timedelta(rng.randrange(-999, 999), rng.randrange(999))
    if kind == 5:
        return decimal.Decimal(rng.randrange(10**9)).scaleb(-3)
    if kind == 6:
        return fractions.Fraction(rng.randrange(99), 1 + rng.randrange(99))
    if kind == 7:
        return uuid.UUID(int=rng.getrandbits(128))
    if kind == 8:
        return collections.OrderedDict([('a', part()), ('b', part())][: rng.randrange(3)])
    if kind == 9:
        return collections.deque([part() for _ in range(rng.randrange(4))], rng.choice((None, 9)))
    if kind == 10:
        return collections.defaultdict(rng.choice((list, None, int)), {'k': part()})
    if kind == 11:
        return collections.Counter({'x': rng.randrange(9), 3: 4})
    if kind == 12:
        return Named(part(), part())
    if kind == 13:
        return rng.choice(list(Colour))
    if kind == 14:
        return Flags(rng.randrange(4))
    if kind == 15:
        return array.array(rng.choice('bhiqd'), [rng.randrange(100) for _ in range(rng.randrange(5))])
    if kind == 16:
        return pathlib.PurePosixPath('/usr', 'lib%d' % rng.randrange(9))
    if kind == 17:
        return re.compile(rng.choice(('a+', '[bc]*', 'x|y')), rng.choice((0, re.I)))
    if kind == 18:
        return ipaddress.ip_address(rng.getrandbits(32))
    if kind == 19:
        return rng.choice((ValueError, OSError, KeyError))(rng.randrange(9), 'why')
    if kind == 20:
        error = RuntimeError(part())
        error.note = part()
        return error
    if kind == 21:
        return functools.partial(gc.make, part(), key=part())
    if kind == 22:
        return types.SimpleNamespace(a=part(), b=part())
    if kind == 23:
        return iter([part(), part()])
    if kind == 24:
        return iter({'k': 1}.items()) if rng.random() < 0.3 else iter((part(),))
    if kind == 25:
        return range(rng.randrange(-9, 9), rng.choice((5, 2**40)), rng.choice((1, 2, -3)))
    if kind == 26:
        return slice(part(), rng.randrange(9), None)
    if kind == 27:
        return complex(rng.choice((0.0, -0.0, 1.5, float('inf'))), rng.random())
    if kind == 28:
        return rng.choice((Ellipsis, NotImplemented))
    if kind == 29:
        return collections.ChainMap({'a': part()}, {})
    if kind == 30:
        return operator.itemgetter(1, 'k')
    if kind == 31:
        return ipaddress.ip_network('10.%d.0.0/16' % rng.randrange(256))
    if kind == 32:
        return enumerate([part()], 3)
    return collections.UserDict({'u': part()})
