"""Random graphs for the differential test: the same seed makes the same graph.

Every graph has a few features, which its seed chooses in turn, so that each of them is common; all else is chance. `seen` says
what a graph has: sharing, cycles, reduce slots. Sources: Lib/pickle.py and Modules/_pickle.c, which have the cases that are told apart.
"""
import functools
import pickle
import random
import struct

import graph_classes as gc
from graph_cycles import HOLDERS, WRAPPERS, Cycles
from graph_stdlib import GLOBALS, Colour, stdlib_values

INTS = (0, 1, 255, 256, 65535, 65536, -1, -128, -129, -256, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**53, 2**63, -(2**63), 2**70)
FLOATS = (0.0, -0.0, 1.0, -1.5, 0.1, 1e300, 5e-324, float('inf'), float('-inf'), float('nan'))
NANS = tuple(struct.unpack('>d', struct.pack('>Q', bits))[0] for bits in (0x7FF8000000000001, 0xFFF8000000000000, 0x7FFFFFFFFFFFFFFF))
ALPHABETS = ('abcdefgh', 'abcdefgh', 'abc\xe4\xf6\xfc', '\u65e5\u6708\u706b', 'x\U0001f600', 'a\n\\\'"\r\0\x1a', '\ud800z')
LENGTHS = (0, 1, 1, 2, 3, 3, 5, 8, 8, 15, 30, 63, 64, 120)
LONG_LENGTHS = (255, 256, 257, 300, 1000)

class Graph(Cycles):
    """One graph in the making."""

    def __init__(self, seed, protocol):
        self.rng = random.Random(seed * 2654435761 + 1)
        self.protocol = protocol
        self.seen = set()
        self.strings = {}
        # What may be shared: kind and value.
        self.made = []
        self.tags = 0
        self.left = 0
        self.in_set = False

    # --- atoms ---

    def text(self):
        rng = self.rng
        length = rng.choice(LONG_LENGTHS) if rng.random() < 0.03 else rng.choice(LENGTHS)
        letters = rng.choice(ALPHABETS)
        made = ''.join([rng.choice(letters) for _ in range(length)])
        # Equal strings are one object, except where a feature wants them to be two.
        return self.strings.setdefault(made, made)

    def bytes(self):
        rng = self.rng
        length = rng.choice(LONG_LENGTHS) if rng.random() < 0.05 else rng.choice(LENGTHS)
        made = bytes([rng.choice((0, 10, 65, 92, 128, 255, rng.randrange(256))) for _ in range(length)])
        return self.strings.setdefault(made, made)

    def integer(self):
        rng = self.rng
        kind = rng.randrange(8)
        if kind < 3:
            return rng.randrange(-5, 300)
        if kind < 6:
            return rng.choice(INTS)
        if kind == 6:
            return rng.getrandbits(rng.randrange(1, 200)) * rng.choice((1, -1))
        return rng.getrandbits(rng.choice((2032, 2040, 2100, 4000))) if rng.random() < 0.2 else rng.randrange(-70000, 70000)

    def atom(self):
        kind = self.rng.randrange(20)
        if kind < 3:
            return self.rng.choice((None, True, False))
        if kind < 8:
            return self.integer()
        if kind < 10:
            rng = self.rng
            return rng.random() if rng.random() < 0.5 else rng.choice(FLOATS) if rng.random() < 0.9 else rng.choice(NANS)
        if kind < 15:
            return self.text()
        if kind < 17:
            return self.keep('bytes', self.bytes())
        if kind < 18:
            return self.keep('bytearray', bytearray(self.bytes()))
        if kind < 19:
            return self.rng.choice(GLOBALS)
        return stdlib_values(self.rng, self.atom)

    def keep(self, kind, value):
        self.made.append((kind, value))
        return value

    def tag(self):
        """Tells the objects of a set or the keys of a dict from each other."""
        self.tags += 1
        return self.tags

    # --- values ---

    def value(self, depth=0):
        rng = self.rng
        self.left -= 1
        if self.made and rng.random() < 0.12:
            kind, value = rng.choice(self.made)
            self.seen.add('shared: ' + kind)
            return value
        if depth > 6 or self.left <= 0 or rng.random() < 0.4:
            return self.atom()
        return self.container(depth)

    def parts(self, depth):
        return [self.value(depth + 1) for _ in range(self.rng.choice((0, 1, 1, 2, 2, 3, 3, 4, 6)))]

    def container(self, depth):
        rng = self.rng
        kind = rng.randrange(16)
        if kind < 3:
            items = self.keep('list', [])
            items.extend(self.parts(depth))
            return items
        if kind < 5:
            table = self.keep('dict', {})
            for part in self.parts(depth):
                table[self.text()] = part
            return table
        if kind < 6:
            table = self.keep('dict', {})
            for part in self.parts(depth):
                table[self.hashable(depth + 1)] = part
            return table
        if kind < 8:
            return self.keep('tuple', tuple(self.parts(depth)))
        if kind < 9:
            return self.keep('set', set(self.hashables(depth)))
        if kind < 10:
            return self.keep('frozenset', frozenset(self.hashables(depth)))
        if kind < 12:
            return self.plain(gc.Plain, depth)
        if kind < 13:
            return self.keep('stdlib object', stdlib_values(rng, lambda: self.value(depth + 1)))
        if kind < 14:
            return self.subclass(depth)
        return self.reduced(rng.choice(REDUCED), depth)

    def hashables(self, depth):
        if self.rng.random() < 0.5:
            return [i for i in range(8) if self.rng.random() < 0.4]
        before, self.in_set = self.in_set, True
        items = [self.hashable(depth + 1) for _ in range(self.rng.choice((0, 1, 1, 2, 3)))]
        self.in_set = before
        return items

    def hashable(self, depth):
        rng = self.rng
        kind = rng.randrange(12)
        if depth > 6 or kind < 4:
            return self.text()
        if kind < 6:
            return self.integer()
        if kind < 7:
            # Not in a set: these are hashed by their addresses.
            return rng.choice((True, 2.5, b'k', 1j, Colour.RED, -0.0) + (() if self.in_set else (None, int, Ellipsis)))
        if kind < 8:
            return self.keep('bytes', self.bytes())
        if kind < 10:
            return self.keep('tuple', tuple([self.hashable(depth + 1) for _ in range(rng.randrange(4))]))
        if kind < 11:
            return self.keep('frozenset', frozenset(self.hashables(depth + 1)))
        return self.plain(rng.choice((gc.Plain, gc.SameHash)), depth + 1)

    def plain(self, cls, depth):
        made = self.keep('object', cls())
        made.tag = self.tag()
        for part in self.parts(depth)[:3]:
            setattr(made, self.rng.choice(('a', 'b', 'name', 'long_name')), part)
        self.seen.add('reduce: state is a dict')
        return made

    def subclass(self, depth):
        rng = self.rng
        kind = rng.randrange(12)
        if kind == 0:
            made = gc.ListSub(self.parts(depth))
        elif kind == 1:
            made = gc.DictSub((self.hashable(depth), part) for part in self.parts(depth))
        elif kind == 2:
            made = gc.SetSub(self.hashables(depth))
        elif kind == 3:
            made = gc.FrozenSub(self.hashables(depth))
        elif kind == 4:
            made = gc.TupleSub(self.parts(depth))
        elif kind == 5:
            made = gc.StrSub(self.text())
        elif kind == 6:
            made = gc.BytesSub(self.bytes())
        elif kind == 7:
            made = gc.ByteArraySub(self.bytes())
        elif kind == 8:
            made = gc.IntSub(self.integer())
        elif kind == 9:
            made = gc.FloatSub(rng.random())
        elif kind == 10:
            made = gc.TupleArgs(*self.parts(depth))
        else:
            made = rng.choice((gc.ListArgs, gc.DictArgs, gc.SetArgs, gc.FrozenArgs))(*self.parts(depth))
        self.keep('subclass object', made)
        if rng.random() < 0.4 and not isinstance(made, gc.TupleArgs):
            made.extra = self.value(depth + 1)
            if hasattr(made, 'args'):
                del made.extra
        return made

    # --- reduce values ---

    def reduced(self, kind, depth):
        """An object with a reduce value; each slot is used or not."""
        rng = self.rng
        self.seen.add('reduce: ' + kind)
        part = lambda: self.value(depth + 1)  # noqa: E731
        if kind == 'a string':
            return rng.choice((gc.ONE, gc.TWO))
        if kind == 'slots':
            made = rng.choice((gc.Slots, gc.SlotsAndDict))()
            if rng.random() < 0.9:
                made.left = part()
            if rng.random() < 0.6:
                made.right = part()
            if isinstance(made, gc.SlotsAndDict) and rng.random() < 0.7:
                made.more = part()
            return self.keep('object', made)
        if kind == '__setstate__':
            return self.keep('object', gc.Stated(rng.choice((0, (), [], {}, False, part(), part(), (None, None), ({'k': 1}, 2)))))
        if kind == '__getnewargs__':
            return self.keep('object', gc.GetNewArgs(*self.parts(depth)))
        if kind == '__getnewargs_ex__':
            return self.keep('object', gc.GetNewArgsEx(*self.parts(depth), **self.keywords(depth)))
        if kind == 'extension codes':
            return self.plain(rng.choice((gc.Ext1, gc.Ext2, gc.Ext4)), depth)
        if kind == 'a nested class':
            return self.plain(rng.choice((gc.Outer.Inner, gc.Outer.Deep.Deeper)), depth)
        if kind == '__newobj_ex__':
            made = gc.NewObjEx(*self.parts(depth), **self.keywords(depth))
        elif kind == 'callable is an object':
            made = gc.Caller(part())(*self.parts(depth))
        else:
            made = MADE[kind](*self.parts(depth))
        self.keep('object', made)
        self.seen.add('reduce: args' if made.args else 'reduce: no args')
        if kind == 'state setter' or rng.random() < 0.4:
            made.state = rng.choice((0, 'state', part(), part(), {'k': part()}, (part(), None)))
            if made.state is not None and kind != 'state setter':
                self.seen.add('reduce: state')
        if rng.random() < 0.4:
            made.items = self.parts(depth)
            if made.items:
                self.seen.add('reduce: list items')
        if rng.random() < 0.4:
            made.pairs = [(self.value(depth + 1), item) for item in self.parts(depth)]
            if made.pairs:
                self.seen.add('reduce: dict items')
        return made

    def keywords(self, depth):
        return {name: self.value(depth + 1) for name in ('key', 'other', 'k3')[: self.rng.randrange(4)]}

    # --- features ---

    def shared(self, kind):
        """One value of a kind, met several times."""
        made = {
            'list': lambda: self.parts(5),
            'dict': lambda: {self.text(): self.value(6)},
            'tuple': lambda: (self.value(6),) * self.rng.randrange(1, 6),
            'empty tuple': tuple,
            'set': lambda: {1, 'a'},
            'frozenset': lambda: frozenset(self.hashables(5)),
            'bytes': self.bytes,
            'bytearray': lambda: bytearray(self.bytes()),
            'str': self.text,
            'object': lambda: self.plain(gc.Plain, 5),
            'subclass object': lambda: self.subclass(5),
            'stdlib object': lambda: stdlib_values(self.rng, self.atom),
            'global': lambda: self.rng.choice(GLOBALS),
            'big int': lambda: self.rng.getrandbits(100),
            'buffer': self.buffer,
            'PickleBuffer memory': lambda: gc.ZeroCopy(bytearray(self.bytes())),
        }[kind]()
        self.seen.add('shared: ' + kind)
        self.keep(kind, made)
        return [made, self.wrapped(self.rng.choice(('tuple', 'list', 'dict value', 'object state')), made), made]

    def equal_strings(self):
        """Equal strings or bytes that are two objects."""
        self.seen.add('equal strings')
        text = self.text() + 'xy'
        data = self.bytes() + b'xy'
        if self.rng.random() < 0.5:
            return [text, str(bytearray(text, 'utf-8', 'surrogatepass'), 'utf-8', 'surrogatepass')]
        return [data, bytes(bytearray(data)), text]

    def repeated(self):
        self.seen.add('repeated atoms')
        atom = self.atom()
        return [atom] * self.rng.randrange(2, 6)

    def external(self):
        self.seen.add('persistent id')
        return gc.External(self.rng.choice(('pid', 'id %d' % self.rng.randrange(99), 'x' * 20)))

    def external_any(self):
        if self.protocol == 0:
            return self.external()
        self.seen.add('persistent id of any value')
        return gc.External(self.rng.choice((5, ('t', 1), ['l'], self.text(), [self.value(5)])))

    def buffer(self):
        data = self.bytes()
        if self.protocol < 5:
            return bytearray(data)
        self.seen.add('PickleBuffer')
        return pickle.PickleBuffer(data if self.rng.random() < 0.5 else bytearray(data))

    def zero_copy(self):
        if self.protocol >= 5:
            self.seen.add('PickleBuffer in arguments')
        data = self.bytes()
        return gc.ZeroCopy(data if self.rng.random() < 0.5 else bytearray(data))

    def long_container(self):
        """More than one batch of items, more than 256 memo indexes, or more than one frame."""
        rng = self.rng
        kind = rng.randrange(6)
        self.seen.add('large')
        if kind == 0:
            return list(range(rng.choice((999, 1000, 1001, 2001))))
        if kind == 1:
            return {i: None for i in range(rng.choice((1000, 1001, 1500)))}
        if kind == 2:
            return [[i] for i in range(rng.choice((260, 400)))] + [self.value(4)]
        if kind == 3:
            return set(range(rng.choice((1000, 1001))))
        if kind == 4:
            return ['%d' % i for i in range(300)] + ['x' * 70000, self.value(4), b'y' * 66000]
        made = gc.ListSub(str(i % 270) for i in range(1001))
        made.extra = [made, self.strings.setdefault('long', 'long')]
        return made

    def large(self):
        self.left = self.rng.choice((300, 1000))
        self.seen.add('large')
        return [self.container(0) for _ in range(self.rng.choice((30, 60)))]

    def root(self, seed):
        rng = self.rng
        self.left = rng.choice((8, 20, 20, 40, 60))
        parts = [feature(self) for feature in features_of(seed)]
        parts += [self.value() for _ in range(rng.randrange(4))]
        if self.made and rng.random() < 0.25:
            self.back_edges()
        if rng.random() < 0.1:
            return parts[0]
        rng.shuffle(parts)
        kind = rng.randrange(5)
        if kind == 0:
            return tuple(parts)
        if kind == 1:
            return {self.text() + str(i): part for i, part in enumerate(parts)}
        if kind == 2:
            made = gc.Plain()
            made.parts = parts
            return made
        return parts


MADE = {
    'callable is a class': gc.Made,
    'extend': gc.Extends,
    'state setter': gc.Set,
    'callable is a function': gc.ByFunction,
    'callable is a dotted name': gc.ByStatic,
    'callable is a bound method': gc.ByMethod,
    '__newobj__': gc.NewObj,
    'copyreg.dispatch_table': gc.Registered,
    'dispatch_table of the pickler': gc.Tabled,
    'reducer_override': gc.Overridden,
}
REDUCED = (
    *MADE, '__newobj_ex__', 'callable is an object', 'a string', 'slots', '__setstate__', '__getnewargs__', '__getnewargs_ex__',
    'extension codes', 'a nested class',
)
SHARED = (
    'list', 'dict', 'tuple', 'empty tuple', 'set', 'frozenset', 'bytes', 'bytearray', 'str', 'object', 'subclass object', 'stdlib object', 'global',
    'big int', 'buffer', 'PickleBuffer memory',
)
FEATURES = tuple(
    [functools.partial(Graph.cycle, first=kind) for kind in HOLDERS]
    + [functools.partial(Graph.shared, kind=kind) for kind in SHARED]
    + [functools.partial(Graph.reduced, kind=kind, depth=3) for kind in REDUCED]
    + [Graph.equal_strings, Graph.repeated, Graph.repeated, Graph.external, Graph.external_any, Graph.external_any]
    + [Graph.owned, Graph.owned, Graph.buffer, Graph.buffer, Graph.zero_copy, Graph.long_container, Graph.large]
)
# These have something to show at some protocols only.
NEED_5 = (Graph.buffer, Graph.zero_copy)
# Every name that `seen` has to have, often enough.
KINDS = (
    ['cycle: ' + kind for kind in sorted(set(WRAPPERS)) + ['an item with its owner']]
    + ['shared: ' + kind for kind in SHARED + ('part of a cycle',)]
    + ['reduce: ' + kind for kind in REDUCED]
    + ['reduce: ' + slot for slot in ('args', 'no args', 'state', 'state is a dict', 'list items', 'dict items')]
    + ['equal strings', 'repeated atoms', 'persistent id', 'persistent id of any value', 'PickleBuffer', 'PickleBuffer in arguments']
    + ['back edge', 'large']
)


def features_of(seed):
    count = len(FEATURES)
    picks = (seed, seed // count * 7 + seed * 5 + 3, seed // count * 3 + seed * 11 + 30)
    return [FEATURES[pick % count] for pick in picks[: (1, 2, 3, 3)[seed % 4]]]


def protocol_of(seed):
    features = features_of(seed)
    if any(feature in NEED_5 for feature in features):
        return 5
    if Graph.external in features and seed % 2 == 0:
        # PERSID.
        return 0
    return random.Random(seed * 31 + 7).randrange(6)


def make(seed, protocol):
    """The graph of a seed, and what it has."""
    graph = Graph(seed, protocol)
    return graph.root(seed), graph.seen
