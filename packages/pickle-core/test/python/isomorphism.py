"""Whether two graphs are the same: types, values, the bits of floats, the order of dicts, and which objects are one object."""
import copyreg
import pickle
import struct
import types

import graph_classes as gc

GLOBAL_TYPES = (type, types.FunctionType, types.BuiltinFunctionType)


def where(path):
    labels = []
    while path is not None:
        path, label = path
        labels.append(str(label))
    return '$' + ''.join('[%s]' % label for label in reversed(labels))


def set_order(item, level=0):
    """Sorts the items of a set, of which each hash seed and each address makes another order."""
    kind = type(item).__name__
    if isinstance(item, (tuple, frozenset)) and level < 4:
        parts = [set_order(part, level + 1) for part in item]
        return kind, repr(parts if isinstance(item, tuple) else sorted(parts))
    return kind, repr(item.tag if hasattr(item, 'tag') else None if isinstance(item, gc.Made) else item)


class Isomorphism:
    def __init__(self, a, b):
        self.a = a
        self.b = b
        self.twin = {}
        self.back = {}
        self.kept = []
        # Strings and bytes: two of one side may be one of the other, but one is never two.
        self.split = {}

    def difference(self):
        """Where the two differ, or None."""
        todo = [(None, self.a, self.b)]
        while todo:
            path, a, b = todo.pop()
            why = self.compare(path, a, b, todo)
            if why:
                return '%s: %s' % (where(path), why)
        return None

    def compare(self, path, a, b, todo):
        kind = type(a)
        if kind is not type(b):
            return '%s is not %s' % (kind.__name__, type(b).__name__)
        if kind is int or kind is bool or a is None or a is Ellipsis or a is NotImplemented:
            return None if a == b else '%.80r is not %.80r' % (a, b)
        if kind is str or kind is bytes:
            if a != b:
                return '%.80r is not %.80r' % (a, b)
            # One character, or none, is a shared object in CPython.
            if len(a) > 1 and self.split.setdefault(id(a), id(b)) != id(b):
                return 'one %.80r became two' % (a,)
            return None
        if kind is float or kind is complex:
            a, b = (struct.pack('>d', x) if kind is float else struct.pack('>dd', x.real, x.imag) for x in (a, b))
            return None if a == b else 'the bits %s are not %s' % (a.hex(), b.hex())
        if isinstance(a, GLOBAL_TYPES) and (kind is not types.BuiltinFunctionType or a.__self__ is b.__self__):
            return None if a is b or a == b else '%r is not %r' % (a, b)
        if kind is tuple and not a and not b or kind is frozenset and not a and not b:
            return None
        if kind is gc.External:
            # It lies outside: each reading of its id may make another one.
            todo.append(((path, 'pid'), a.pid, b.pid))
            return None
        if id(a) in self.twin or id(b) in self.back:
            same = self.twin.get(id(a)) == id(b) and self.back.get(id(b)) == id(a)
            return None if same else 'shared on one side only'
        self.twin[id(a)], self.back[id(b)] = id(b), id(a)
        self.kept.append((a, b))
        if kind is list or kind is tuple:
            return self.items(path, a, b, todo)
        if kind is dict:
            return self.items(path, [part for pair in a.items() for part in pair], [part for pair in b.items() for part in pair], todo)
        if kind is set or kind is frozenset:
            return self.items(path, sorted(a, key=set_order), sorted(b, key=set_order), todo)
        if kind is bytearray:
            return None if a == b else '%.80r is not %.80r' % (a, b)
        if kind is pickle.PickleBuffer:
            a, b = a.raw(), b.raw()
            same = a == b and a.readonly == b.readonly
            return None if same else '%.80r is not %.80r' % ((bytes(a), a.readonly), (bytes(b), b.readonly))
        return self.reduced(path, a, b, todo)

    def items(self, path, a, b, todo):
        if len(a) != len(b):
            return '%d items are not %d' % (len(a), len(b))
        todo.extend([((path, i), x, y) for i, (x, y) in enumerate(zip(a, b))])
        return None

    def reduced(self, path, a, b, todo):
        """An object of any class: the parts of its reduce value."""
        objects = a, b
        reducer = copyreg.dispatch_table.get(type(a))
        a, b = [reducer(x) if reducer else x.__reduce_ex__(4) for x in objects]
        if isinstance(a, str) or isinstance(b, str):
            return None if a == b else '%r is not %r' % (a, b)
        self.kept.append((a, b))
        if len(a) != len(b):
            return '%d parts are not %d' % (len(a), len(b))
        names = ('callable', 'args', 'state', 'items', 'pairs', 'setter')
        for i, (x, y) in enumerate(zip(a, b)):
            if i in (3, 4) and x is not None and y is not None:
                x, y = list(x), list(y)
                if isinstance(objects[0], (set, frozenset)):
                    x, y = sorted(x, key=set_order), sorted(y, key=set_order)
            elif i == 1 and isinstance(objects[0], (gc.SetSub, gc.FrozenSub)):
                x, y = [([sorted(args[0], key=set_order)]) for args in (x, y)]
            self.kept.append((x, y))
            todo.append(((path, names[i]), x, y))
        return None


def difference(a, b):
    return Isomorphism(a, b).difference()
