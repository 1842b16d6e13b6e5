"""Classes of the random graphs: each way in which a Python object says how it is pickled, and each kind of subclass."""
import copyreg
import itertools
import pickle
import weakref

# The order of a set would depend on addresses, and a seed would not make the same pickle again: objects are hashed by a number that
# they get when they are first hashed.
NUMBERS = {}
COUNTER = itertools.count()


def start_again():
    """Numbers objects from 0."""
    global COUNTER
    NUMBERS.clear()
    COUNTER = itertools.count()


def number_of(value):
    known = NUMBERS.get(id(value))
    if known is None or known[0]() is not value:
        known = NUMBERS[id(value)] = weakref.ref(value), next(COUNTER)
    return known[1]


class Numbered:
    """An object that is a key or an item of a set by its identity."""

    def __hash__(self):
        return number_of(self)

    def __eq__(self, other):
        return self is other


class Plain(Numbered):
    """NEWOBJ and BUILD with its __dict__ (protocols 0 and 1: copyreg._reconstructor). Hashed by identity."""


class SameHash(Plain):
    """All its objects have one hash: a set keeps them in the order in which they came."""

    def __hash__(self):
        return 7


class Slots:
    """State of two parts: (None, slots)."""

    __slots__ = ('left', 'right', '__weakref__')
    __hash__ = Numbered.__hash__

    def __reduce_ex__(self, protocol):
        # Protocols 0 and 1 have no form of their own for it.
        return object.__reduce_ex__(self, max(protocol, 2))


class SlotsAndDict(Slots):
    """State of two parts: (__dict__, slots)."""

    __slots__ = ('__dict__',)


class Stated(Numbered):
    """Any state, by __getstate__ and __setstate__."""

    state = None

    def __init__(self, state=None):
        self.state = state

    def __getstate__(self):
        return self.state

    def __setstate__(self, state):
        self.state = state


class Made(Numbered):
    """A reduce value with all parts: callable, args, state, list items, dict items, state setter."""

    args = ()
    state = items = pairs = setter = None

    def __init__(self, *args):
        self.args = args

    def callable(self):
        return type(self)

    def append(self, item):
        if self.items is None:
            self.items = []
        self.items.append(item)

    def __setitem__(self, key, value):
        if self.pairs is None:
            self.pairs = []
        self.pairs.append((key, value))

    def __setstate__(self, state):
        self.state = state

    def __reduce__(self):
        parts = [
            self.callable(),
            self.args,
            self.state,
            None if self.items is None else iter(list(self.items)),
            None if self.pairs is None else iter(list(self.pairs)),
            self.setter,
        ]
        while parts[-1] is None:
            parts.pop()
        return tuple(parts)


class Extends(Made):
    """Takes list items by extend."""

    def extend(self, items):
        for item in items:
            self.append(item)


def set_state(target, state):
    target.state = state


class Set(Made):
    """A function sets the state."""

    setter = staticmethod(set_state)


def make(*args):
    return ByFunction(*args)


class ByFunction(Made):
    """A function makes it."""

    def callable(self):
        return make


class Caller(Numbered):
    """An object that is called: the callable of a reduce value need not be a global."""

    def __init__(self, name=None):
        self.name = name

    def __call__(self, *args):
        made = ByObject(*args)
        made.caller = self
        return made


class ByObject(Made):
    """An object makes it."""

    caller = None

    def callable(self):
        return self.caller


class Outer:
    """Dotted names."""

    class Inner(Plain):
        pass

    @staticmethod
    def build(*args):
        return ByStatic(*args)

    @classmethod
    def create(cls, *args):
        return ByMethod(*args)

    class Deep:
        class Deeper(Plain):
            pass


class ByStatic(Made):
    """A dotted name makes it."""

    def callable(self):
        return Outer.build


class ByMethod(Made):
    """A bound method makes it: (getattr, (Outer, 'create'))."""

    def callable(self):
        return Outer.create


class Returned(Numbered):
    """A reducer that returns a string: the object is a global of its module."""

    def __init__(self, name):
        self.name = name

    def __reduce__(self):
        return self.name


ONE = Returned('ONE')
TWO = Returned('TWO')


class NewObj(Made):
    """copyreg.__newobj__ as the callable, at every protocol."""

    def __new__(cls, *args):
        self = object.__new__(cls)
        self.args = args
        return self

    def __init__(self, *args):
        pass

    def __reduce_ex__(self, protocol):
        callable, args, *rest = self.__reduce__()
        return (copyreg.__newobj__, (callable,) + args, *rest)


class NewObjEx(Made):
    """copyreg.__newobj_ex__ as the callable, at every protocol."""

    def __new__(cls, *args, **kwargs):
        self = object.__new__(cls)
        self.args = args
        self.kwargs = kwargs
        return self

    def __init__(self, *args, **kwargs):
        pass

    def __reduce_ex__(self, protocol):
        callable, args, *rest = self.__reduce__()
        return (copyreg.__newobj_ex__, (callable, args, self.kwargs), *rest)


class GetNewArgs(Numbered):
    """NEWOBJ with arguments, by __getnewargs__ (protocol 2 and newer)."""

    args = ()

    def __new__(cls, *args):
        self = object.__new__(cls)
        self.args = args
        return self

    def __getnewargs__(self):
        return self.args


class GetNewArgsEx(Numbered):
    """NEWOBJ_EX by __getnewargs_ex__ (protocol 2 and newer)."""

    args, kwargs = (), {}

    def __new__(cls, *args, **kwargs):
        self = object.__new__(cls)
        self.args = args
        self.kwargs = kwargs
        return self

    def __getnewargs_ex__(self):
        return self.args, self.kwargs


class Registered(Made):
    """Its reducer stands in copyreg.dispatch_table."""


def reduce_made(made):
    return Made.__reduce__(made)


copyreg.pickle(Registered, reduce_made)


class Tabled(Made):
    """Its reducer stands in the dispatch_table of the pickler."""


class Overridden(Made):
    """reducer_override of the pickler knows it."""


class Ext1(Plain):
    """Extension codes of one, two and four bytes."""


class Ext2(Plain):
    pass


class Ext4(Plain):
    pass


EXTENSIONS = (('Ext1', 0xF1), ('Ext2', 0xFFF1), ('Ext4', 0x7FFFFFF1))
for name, code in EXTENSIONS:
    copyreg.add_extension(__name__, name, code)


class ListSub(list):
    """Items and state."""


class DictSub(dict):
    pass


class SetSub(set):
    pass


class FrozenSub(frozenset):
    pass


class TupleSub(tuple):
    pass


class StrSub(str):
    pass


class BytesSub(bytes):
    pass


class ByteArraySub(bytearray):
    pass


class IntSub(int):
    pass


class FloatSub(float):
    pass


class ListArgs(list):
    """Arguments that the object keeps: a list among them may hold the object."""

    def __init__(self, *args):
        list.__init__(self)
        self.args = args

    def __reduce__(self):
        return ListArgs, self.args, None, iter(list(self))


class DictArgs(dict):
    def __init__(self, *args):
        dict.__init__(self)
        self.args = args

    def __reduce__(self):
        return DictArgs, self.args, None, None, iter(list(self.items()))


class SetArgs(set):
    def __init__(self, *args):
        set.__init__(self)
        self.args = args

    def __hash__(self):
        return number_of(self)

    def __eq__(self, other):
        return self is other

    def __reduce__(self):
        return SetArgs, self.args


class FrozenArgs(frozenset):
    def __new__(cls, *args):
        self = frozenset.__new__(cls)
        self.args = args
        return self

    def __init__(self, *args):
        pass

    def __hash__(self):
        return number_of(self)

    def __eq__(self, other):
        return self is other

    def __reduce__(self):
        return FrozenArgs, self.args


class TupleArgs(tuple):
    """NEWOBJ with the arguments that the object keeps."""

    def __new__(cls, *args):
        return tuple.__new__(cls, args)

    def __getnewargs__(self):
        return tuple(self)


class ZeroCopy(Numbered):
    """Gives its memory as a PickleBuffer, as NumPy's arrays do."""

    def __init__(self, memory):
        self.memory = memory

    def __reduce_ex__(self, protocol):
        if protocol >= 5:
            return ZeroCopy, (pickle.PickleBuffer(self.memory),)
        return ZeroCopy, (bytes(self.memory),)


class External(Numbered):
    """Lies outside the pickle: the pickler writes its persistent id."""

    def __init__(self, pid):
        self.pid = pid
