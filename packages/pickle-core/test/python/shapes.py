"""Classes and values of the tests. Each class shows one way in which Python objects say how they are pickled."""
import copyreg
import pickle
import random


class Point:
    """A plain object: NEWOBJ and BUILD with its __dict__ (protocols 0 and 1: copyreg._reconstructor)."""

    def __init__(self, x, y):
        self.x = x
        self.y = y


class Outer:
    """A nested class has a dotted name."""

    class Inner:
        pass

    @staticmethod
    def method():
        return None


class Slotted:
    """State of two parts: (None, slots)."""

    __slots__ = ('left', 'right')

    def __init__(self, left, right):
        self.left = left
        self.right = right


class SlottedDict(Slotted):
    """State of two parts: (__dict__, slots)."""

    __slots__ = ('__dict__',)


class Call:
    """REDUCE with two parts."""

    def __init__(self, *args):
        self.args = args

    def __reduce__(self):
        return Call, self.args


class CallState:
    """REDUCE with three parts."""

    def __init__(self, *args):
        self.args = args
        self.state = None

    def __reduce__(self):
        return CallState, self.args, self.state

    def __setstate__(self, state):
        self.state = state


class CallList(list):
    """REDUCE with four parts: list items."""

    def __reduce__(self):
        return CallList, (), None, iter(list(self))


class CallDict(dict):
    """REDUCE with five parts: dict items."""

    def __reduce__(self):
        return CallDict, (), None, None, iter(list(self.items()))


class CallAll(list):
    """REDUCE with five parts, all of them used. Dict items go to `table`."""

    def __init__(self, name=''):
        super().__init__()
        self.name = name
        self.table = {}

    def __setitem__(self, key, value):
        self.table[key] = value

    def __reduce__(self):
        state = {'mood': self.__dict__.get('mood')}
        return CallAll, (self.name,), state, iter(list(self)), iter(list(self.table.items()))

    def __setstate__(self, state):
        self.mood = state['mood']


class Setter:
    """REDUCE with six parts: a function sets the state."""

    def __init__(self, *args):
        self.args = args
        self.state = None

    def __reduce__(self):
        return Setter, self.args, self.state, None, None, set_state


def set_state(target, state):
    target.state = ('set by set_state', state) if not isinstance(state, tuple) else state


class NewArgs(tuple):
    """NEWOBJ with arguments."""

    def __new__(cls, *args):
        return tuple.__new__(cls, args)

    def __getnewargs__(self):
        return tuple(self)


class NewArgsEx:
    """NEWOBJ_EX: positional and keyword arguments (protocols 2 and 3: functools.partial)."""

    def __new__(cls, *args, **kwargs):
        self = object.__new__(cls)
        self.args = args
        self.kwargs = kwargs
        return self

    def __reduce_ex__(self, protocol):
        # What object.__reduce_ex__ gives for __getnewargs_ex__, but at protocols 0 and 1 too.
        return copyreg.__newobj_ex__, (NewArgsEx, self.args, self.kwargs)


class Global:
    """A reducer that returns a string: the object is a global of its module."""

    def __init__(self, name):
        self.name = name

    def __reduce__(self):
        return self.name


THE_ONE = Global('THE_ONE')


class Knot:
    """Holds itself in its state."""

    def __init__(self):
        self.me = self


class ArgsKnot:
    """Holds, in its arguments, a list that holds it: the reduce that contains itself."""

    def __init__(self, items):
        self.items = items

    def __reduce__(self):
        return ArgsKnot, (self.items,)


class MyList(list):
    """A list subclass: NEWOBJ and APPENDS (protocols 0 and 1: copyreg._reconstructor with the list)."""


class MyDict(dict):
    pass


class MyInt(int):
    pass


class MyStr(str):
    pass


class ZeroCopy:
    """Gives its memory as a PickleBuffer, as NumPy's arrays do."""

    def __init__(self, memory):
        self.memory = memory

    def __reduce_ex__(self, protocol):
        if protocol >= 5:
            return ZeroCopy, (pickle.PickleBuffer(self.memory),)
        return ZeroCopy, (bytes(self.memory),)


class Extended:
    """Has an extension code."""

    def __init__(self):
        self.tag = 'ext'


class Extended2(Extended):
    pass


class Extended4(Extended):
    pass


# Codes of one, two and four bytes: EXT1, EXT2, EXT4.
copyreg.add_extension('shapes', 'Extended', 0xF0)
copyreg.add_extension('shapes', 'Extended2', 0xFFF0)
copyreg.add_extension('shapes', 'Extended4', 0x7FFFFFF0)


# --- values that no expression can write ---

def let(function, *values):
    """Names for values inside an expression: let(lambda x: [x, x], [])."""
    return function(*values)


def cyclic_list():
    items = []
    items.append(items)
    return items


def cyclic_dict():
    table = {}
    table['me'] = table
    return table


def tuple_through_list():
    items = []
    pair = (items, 1)
    items.append(pair)
    return pair


def long_tuple_through_list():
    items = []
    row = (items, 1, 2, 3)
    items.append(row)
    return row


def tuple_through_dict():
    table = {}
    pair = (table,)
    table['pair'] = pair
    return pair


def list_and_dict():
    items, table = [], {}
    items.append(table)
    table['items'] = items
    return items


def two_lists():
    a, b = [], []
    a.append(b)
    b.append(a)
    return [a, b]


def frozenset_through_object():
    """A frozenset holds an object whose state holds the frozenset: the one way to a cycle through a frozenset."""
    knot = Knot()
    frozen = frozenset([knot])
    knot.me = frozen
    return frozen


def object_through_set():
    knot = Knot()
    knot.me = {knot}
    return knot


def args_knot():
    items = []
    knot = ArgsKnot(items)
    items.append(knot)
    return knot


def deep_list(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


def with_state(target, **state):
    target.__dict__.update(state)
    return target


def with_attribute(target, name, value):
    setattr(target, name, value)
    return target


def filled(target, items=(), pairs=()):
    for item in items:
        target.append(item)
    for key, value in pairs:
        target[key] = value
    return target


# --- random values, the same for the same seed ---

# chr(97): the literal 'a' may be another object than the one that CPython shares.
STRINGS = ['', chr(97), 'spam', 'caf\xe9', '\u20ac' * 90, '\U0001f600', '\ud800', 'line\nline', 'back\\slash', 'x' * 255, 'x' * 256]
BYTES = [b'', b'a', b'raw\x00\xff', b'y' * 255, b'y' * 256]


def random_value(seed, size=40):
    """A value of the built-in types, with shared parts and cycles. Equal strings and bytes are one object each."""
    rng = random.Random(seed)
    made = []

    def atom():
        kind = rng.randrange(8)
        if kind == 0:
            return rng.choice([None, True, False])
        if kind == 1:
            return rng.randrange(-300, 300)
        if kind == 2:
            return rng.randrange(-(1 << rng.randrange(1, 90)), 1 << rng.randrange(1, 90))
        if kind == 3:
            return rng.choice([0.0, -0.0, 1.0, 0.1, 1e300, float('inf')]) if rng.random() < 0.5 else rng.random()
        if kind < 6:
            return rng.choice(STRINGS)
        if kind == 6:
            return rng.choice(BYTES)
        return complex(rng.random(), -0.0)

    def few_ints():
        # Small ints: the order of the set is theirs, also when it is made again.
        return [i for i in range(8) if rng.random() < 0.4]

    def hashable(depth):
        if depth > 2 or rng.random() < 0.7:
            return atom()
        if rng.random() < 0.7:
            return tuple(hashable(depth + 1) for _ in range(rng.randrange(4)))
        return frozenset(few_ints())

    def value(depth):
        if made and rng.random() < 0.15:
            return rng.choice(made)
        if depth > 5 or rng.random() < 0.35:
            return atom()
        count = rng.choice([0, 1, 2, 3, 5])
        kind = rng.randrange(7)
        if kind == 0:
            items = []
            made.append(items)
            items.extend(value(depth + 1) for _ in range(count))
            return items
        if kind == 1:
            table = {}
            made.append(table)
            for _ in range(count):
                table[hashable(0)] = value(depth + 1)
            return table
        if kind == 2:
            names = {rng.choice(STRINGS): value(depth + 1) for _ in range(count)}
            made.append(names)
            return names
        if kind == 3:
            row = tuple(value(depth + 1) for _ in range(count))
            made.append(row)
            return row
        if kind == 4:
            group = set(few_ints()) if count else {hashable(0)}
            made.append(group)
            return group
        if kind == 5:
            frozen = frozenset(few_ints() if count else [hashable(0)])
            made.append(frozen)
            return frozen
        array = bytearray(rng.choice(BYTES))
        made.append(array)
        return array

    return [value(0) for _ in range(size)]


def meets_open_dict(value, seen=None, path=()):
    """Whether a dict with a key that is no str is met again inside itself, in the order in which pickle goes."""
    if not isinstance(value, (dict, list, tuple, set, frozenset)):
        return False
    seen = set() if seen is None else seen
    if id(value) in seen:
        return id(value) in path and isinstance(value, dict) and any(type(key) is not str for key in value)
    seen.add(id(value))
    parts = [part for pair in value.items() for part in pair] if isinstance(value, dict) else list(value)
    return any([meets_open_dict(part, seen, path + (id(value),)) for part in parts])
