"""A Python that answers questions of the tests over a pipe. It needs the standard library alone.

Both directions use one form: a line of JSON, then the blobs, whose lengths the line gives in "blobs".
A request has "op" and what the op needs. A reply has "ok": true and the answer, or "ok": false, "type" and "error".

  hello                                       -> version, implementation
  dumps  expr, protocols, buffers?            -> results, a blob per pickle, and its buffers
  same   expr, writable?, encoding? + blobs   -> same, why: does loads(blob 0, buffers=the others) equal the expression?
  again  protocol, encoding? + blob           -> dumps(loads(blob)), and whether it equals the blob
  dis    + blob                               -> text: what pickletools prints
  run    code + blobs                         -> value (JSON) and blobs: runs statements that set `value` and `out`

"buffers" is absent (no buffer_callback), "out" (the callback returns None) or "in" (it returns True).
"""
import io
import json
import os
import pickle
import pickletools
import struct
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import shapes  # noqa: E402

BUILTIN_IMPORTS = """
import array, collections, copyreg, datetime, decimal, fractions, functools, io, math, operator, pathlib, re, struct, sys
import types, uuid, pickle, shapes
from pickle import PickleBuffer
from shapes import *
"""


def namespace():
    scope = {}
    exec(BUILTIN_IMPORTS, scope)
    return scope


NAMESPACE = namespace()


def evaluate(expression):
    """The value of an expression. A fresh object each time; equal constants in one expression are one object."""
    return eval(compile(expression, '<expression>', 'eval'), dict(NAMESPACE))


ATOMS = (type(None), bool, int, float, complex, str, bytes, range, type(Ellipsis), type(NotImplemented), type, type(len))


def atom_key(value):
    """Equal only for atoms that are the same in every bit that Python can tell."""
    if type(value) is float:
        return ('float', struct.pack('>d', value))
    if type(value) is complex:
        return ('complex', struct.pack('>dd', value.real, value.imag))
    if type(value) in (type, type(len)):
        return ('global', value.__module__, value.__qualname__)
    return (type(value).__name__, repr(value) if type(value) is not str else value)


def where(path):
    """A path is a chain of (rest, label), so that only the one that is printed is made."""
    labels = []
    while path is not None:
        path, label = path
        labels.append(label if isinstance(label, str) else '[%.40r]' % (label,))
    return '$' + ''.join(reversed(labels))


def difference(a, b):
    """Where two values differ, or None: types, floats by bits, order of dicts, and which objects are shared."""
    twin, back = {}, {}
    keep = []
    todo = [(None, a, b)]
    while todo:
        path, a, b = todo.pop()
        kind = type(a)
        if kind is not type(b):
            return '%s: %s is not %s' % (where(path), kind.__name__, type(b).__name__)
        if kind is int or kind is str or kind is bytes:
            if a != b:
                return '%s: %.80r is not %.80r' % (where(path), a, b)
            continue
        if isinstance(a, ATOMS):
            if atom_key(a) != atom_key(b):
                return '%s: %.80r is not %.80r' % (where(path), a, b)
            continue
        if kind in (tuple, frozenset) and not a and not b:
            continue
        keep.append((a, b))
        if id(a) in twin or id(b) in back:
            if twin.get(id(a)) != id(b) or back.get(id(b)) != id(a):
                return '%s: shared on one side only' % where(path)
            continue
        twin[id(a)], back[id(b)] = id(b), id(a)
        if isinstance(a, (list, tuple, dict, set, frozenset)) and len(a) != len(b):
            return '%s: %d items are not %d' % (where(path), len(a), len(b))
        if isinstance(a, (list, tuple)):
            todo.extend(((path, i), x, y) for i, (x, y) in enumerate(zip(a, b)))
        elif isinstance(a, dict):
            for (k, v), (m, w) in zip(a.items(), b.items()):
                todo.append(((path, '<key>'), k, m))
                todo.append(((path, k), v, w))
        elif isinstance(a, (set, frozenset)):
            order = lambda item: (type(item).__name__, repr(item))  # noqa: E731
            todo.extend(((path, '{}'), x, y) for x, y in zip(sorted(a, key=order), sorted(b, key=order)))
        elif isinstance(a, (bytearray, memoryview)):
            if bytes(a) != bytes(b) or (isinstance(a, memoryview) and a.readonly != b.readonly):
                return '%s: %.80r is not %.80r' % (where(path), bytes(a), bytes(b))
        elif isinstance(a, pickle.PickleBuffer):
            if bytes(a.raw()) != bytes(b.raw()) or a.raw().readonly != b.raw().readonly:
                return '%s: buffers differ' % where(path)
        elif isinstance(a, slice):
            todo.append((path, [a.start, a.stop, a.step], [b.start, b.stop, b.step]))
        elif isinstance(a, BaseException):
            todo.append(((path, '.args'), list(a.args), list(b.args)))
        elif not hasattr(a, '__dict__') and not hasattr(kind, '__slots__') and a != b:
            return '%s: %.80r is not %.80r' % (where(path), a, b)
        for name in slots(a):
            if hasattr(a, name) != hasattr(b, name):
                return '%s.%s: set on one side only' % (where(path), name)
            if hasattr(a, name):
                todo.append(((path, '.' + name), getattr(a, name), getattr(b, name)))
        if kind.__module__ == 'shapes' and getattr(a, '__dict__', None) is not None:
            todo.append(((path, '.__dict__'), dict(a.__dict__), dict(b.__dict__)))
    return None


def slots(value):
    if type(value).__module__ != 'shapes':
        return []
    return [name for base in type(value).__mro__ for name in base.__dict__.get('__slots__', ()) if name != '__dict__']


def dump(value, protocol, mode):
    buffers = []
    if mode is None:
        return pickle.dumps(value, protocol), buffers
    keep = buffers.append if mode == 'out' else (lambda buffer: True)
    return pickle.dumps(value, protocol, buffer_callback=keep), buffers


def give(blobs, writable):
    """Buffers as loads is given them: memory that may be written to, or bytes."""
    flags = list(writable) + [True] * (len(blobs) - len(writable))
    return [bytearray(blob) if flag else blob for blob, flag in zip(blobs, flags)]


def op_hello(request, blobs):
    return {'version': list(sys.version_info[:3]), 'implementation': sys.implementation.name}, []


def op_dumps(request, blobs):
    results, out = [], []
    for protocol in request['protocols']:
        try:
            data, buffers = dump(evaluate(request['expr']), protocol, request.get('buffers'))
        except Exception as error:
            results.append({'error': '%s: %s' % (type(error).__name__, error)})
            continue
        raws = [buffer.raw() for buffer in buffers]
        results.append({'readonly': [raw.readonly for raw in raws]})
        out += [data] + [bytes(raw) for raw in raws]
    return {'results': results}, out


def op_same(request, blobs):
    options = {key: request[key] for key in ('encoding', 'fix_imports') if key in request}
    if len(blobs) > 1 or 'writable' in request:
        options['buffers'] = give(blobs[1:], request.get('writable', []))
    value = pickle.loads(blobs[0], **options)
    why = difference(value, evaluate(request['expr']))
    return {'same': why is None, 'why': why}, []


def op_again(request, blobs):
    options = {key: request[key] for key in ('encoding',) if key in request}
    data = pickle.dumps(pickle.loads(blobs[0], **options), request['protocol'])
    return {'same': data == blobs[0]}, [data]


def op_dis(request, blobs):
    text = io.StringIO()
    pickletools.dis(blobs[0], text)
    return {'text': text.getvalue()}, []


def op_run(request, blobs):
    scope = dict(NAMESPACE, blobs=blobs, out=[], value=None, difference=difference)
    exec(compile(request['code'], '<code>', 'exec'), scope)
    return {'value': scope['value']}, [bytes(blob) for blob in scope['out']]


OPS = {'hello': op_hello, 'dumps': op_dumps, 'same': op_same, 'again': op_again, 'dis': op_dis, 'run': op_run}


def main():
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    for line in source:
        request = json.loads(line)
        blobs = [source.read(length) for length in request.get('blobs', [])]
        try:
            reply, out = OPS[request['op']](request, blobs)
            reply['ok'] = True
        except BaseException as error:
            reply, out = {'ok': False, 'type': type(error).__name__, 'error': str(error)}, []
        reply['blobs'] = [len(blob) for blob in out]
        sink.write(json.dumps(reply).encode('ascii') + b'\n')
        for blob in out:
            sink.write(blob)
        sink.flush()


if __name__ == '__main__':
    main()
