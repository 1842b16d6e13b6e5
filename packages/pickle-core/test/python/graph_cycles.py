"""Cycles of the random graphs, through every container and every part of an object."""
import graph_classes as gc

SUBCLASSES = {'list': gc.ListSub, 'dict': gc.DictSub, 'set': gc.SetSub, 'frozenset': gc.FrozenSub, 'tuple': gc.TupleSub}
ARGS = {'list': gc.ListArgs, 'dict': gc.DictArgs, 'set': gc.SetArgs, 'frozenset': gc.FrozenArgs, 'tuple': gc.TupleArgs}
HOLDERS = (
    'list', 'dict value', 'dict key', 'set', 'object state', 'slots', '__setstate__', 'reduce state', 'reduce state setter',
    'reduce list items', 'reduce dict items', 'list subclass items', 'dict subclass items', 'set subclass items', 'list subclass state',
    'dict subclass state', 'set subclass state', 'frozenset subclass state', 'tuple subclass state', 'reduce args', '__newobj__ args',
    '__newobj_ex__ kwargs', 'list subclass args', 'dict subclass args', 'set subclass args', 'frozenset subclass args',
    'tuple subclass args',
)
HASHING = ('dict key', 'set', 'set subclass items', 'frozenset', 'frozenset subclass')
# Those that cannot begin a cycle stand four times, to be as common as those that can.
WRAPPERS = HOLDERS + ('tuple', 'frozenset', 'tuple subclass', 'frozenset subclass', 'object args') * 4


class Cycles:
    """The part of a graph in the making that ties cycles; `graphs.Graph` is the rest."""

    def holder(self, kind):
        """Something that can be filled later: the value, and what fills it."""
        if kind == 'list':
            value = []
            return value, value.append
        if kind == 'dict value':
            value = {}
            return value, lambda x: value.__setitem__('k', x)
        if kind == 'dict key':
            value = {}
            return value, lambda x: value.__setitem__(x, 1)
        if kind == 'set':
            value = set()
            return value, value.add
        if kind == 'object state':
            value = gc.Plain()
            value.tag = self.tag()
            return value, lambda x: setattr(value, 'me', x)
        if kind == 'slots':
            value = gc.Slots()
            return value, lambda x: setattr(value, 'left', x)
        if kind == '__setstate__':
            value = gc.Stated()
            return value, lambda x: setattr(value, 'state', x)
        if kind == 'reduce state':
            value = gc.Made()
            return value, lambda x: setattr(value, 'state', x)
        if kind == 'reduce state setter':
            value = gc.Set()
            return value, lambda x: setattr(value, 'state', x)
        if kind == 'reduce list items':
            value = gc.Made()
            return value, value.append
        if kind == 'reduce dict items':
            value = gc.Made()
            return value, lambda x: value.__setitem__(x, x)
        if kind == 'list subclass items':
            value = gc.ListSub()
            return value, value.append
        if kind == 'dict subclass items':
            value = gc.DictSub()
            return value, lambda x: value.__setitem__('k', x)
        if kind == 'set subclass items':
            value = gc.SetSub()
            return value, value.add
        if kind.endswith('subclass state'):
            # Each also holds something, as far as it can.
            value = SUBCLASSES[kind.split()[0]]()
            return value, lambda x: setattr(value, 'me', x)
        # Arguments: a list, a dict or a set among them holds it.
        inner, fill = self.holder(self.rng.choice(('list', 'list', 'dict value')))
        cls = {'reduce args': gc.Made, '__newobj__ args': gc.NewObj, '__newobj_ex__ kwargs': gc.NewObjEx}.get(kind)
        if kind == '__newobj_ex__ kwargs':
            return cls(1, key=inner), fill
        cls = cls or ARGS[kind.split()[0]]
        return cls(*[inner, 1, 2][: self.rng.randrange(1, 4)]), fill

    def wrapped(self, kind, x):
        """A value that holds another."""
        rng = self.rng
        if kind == 'tuple':
            items = [self.atom() for _ in range(rng.choice((0, 0, 1, 2, 3, 4)))]
            items.insert(rng.randrange(len(items) + 1), x)
            return tuple(items)
        if kind == 'frozenset':
            return frozenset([x])
        if kind == 'frozenset subclass':
            return gc.FrozenSub([x])
        if kind == 'tuple subclass':
            return rng.choice((gc.TupleSub([x]), gc.TupleArgs(x, 1)))
        if kind == 'object args':
            return rng.choice((gc.Made, gc.NewObj, gc.GetNewArgs, gc.Registered))(x)
        value, fill = self.holder(kind)
        fill(x)
        return value

    def cycle(self, first):
        """A cycle that begins at a holder of one kind and goes through others."""
        rng = self.rng
        holder, fill = self.holder(first)
        kinds, value = [first], holder
        for _ in range(rng.choice((0, 1, 1, 1, 2, 3))):
            kind = rng.choice(WRAPPERS)
            try:
                if kind in HASHING:
                    hash(value)
                value = self.wrapped(kind, value)
            except TypeError:
                continue
            kinds.append(kind)
        try:
            if first in HASHING:
                hash(value)
            fill(value)
        except TypeError:
            # Only an object can stand there.
            value = self.plain(gc.Plain, 6)
            value.inner = holder
            fill(value)
            kinds.append('object state')
        self.seen.update('cycle: ' + kind for kind in kinds)
        # Where a pickle begins decides which part of a cycle comes twice.
        return self.keep('part of a cycle', rng.choice((holder, value)))

    def owned(self):
        """The last item of an object, which has that object and a list that holds itself as its arguments: it looks like a state setter."""
        owner = self.rng.choice((gc.ListSub, gc.Made, gc.DictSub, list))()
        held = []
        made = self.rng.choice((gc.Made, gc.NewObj, gc.ByMethod))(owner, held)
        held.append(made)
        self.seen.add('cycle: an item with its owner')
        if isinstance(owner, dict):
            owner['k'] = made
        else:
            owner.append(made)
        return owner

    def back_edges(self):
        """References from anywhere to anywhere: cycles of no chosen kind."""
        rng = self.rng
        for _ in range(rng.choice((1, 1, 2, 4))):
            kind, target = rng.choice(self.made)
            holders = [value for _, value in self.made if type(value) in (list, dict, gc.Plain, gc.ListSub, gc.DictSub)]
            if not holders:
                return
            holder = rng.choice(holders)
            if isinstance(holder, list):
                holder.append(target)
            elif isinstance(holder, dict):
                holder['back'] = target
            else:
                holder.back = target
            self.seen.add('back edge')
