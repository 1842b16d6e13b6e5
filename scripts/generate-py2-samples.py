# -*- coding: utf-8 -*-
"""Writes packages/pickle-core/test/py2-samples.json: pickles by Python 2.7, protocols 0 to 2, by cPickle and by pickle.

    python2.7 scripts/generate-py2-samples.py

Nothing in it is random; the same Python writes the same file.
"""
from __future__ import print_function

import cPickle
import collections
import json
import os
import pickle
import sys
import types

if sys.version_info[0] != 2:
    raise SystemExit('this needs Python 2.7')


class Old:
    """An old-style class: INST at protocol 0, OBJ above."""


class OldArgs:
    def __init__(self, *args):
        self.args = args

    def __getinitargs__(self):
        return self.args


class New(object):
    pass


# The classes belong to a module that the files can name.
legacy = types.ModuleType('legacy')
sys.modules['legacy'] = legacy
for cls in (Old, OldArgs, New):
    cls.__module__ = 'legacy'
    setattr(legacy, cls.__name__, cls)


def instance(cls, **state):
    made = cls()
    made.__dict__.update(state)
    return made


shared = ['spam']
SAMPLES = [
    ('ascii str', 'abc'),
    ('str with bytes', 'caf\xe9'),
    ('str with escapes', '\'"\\\n\r\t\x00\x7f\x80\xff'),
    ('long str', 'x' * 300),
    ('unicode', u'caf\xe9 \u20ac \U0001f600\n\\'),
    ('int', 7),
    ('bool', [True, False]),
    ('large int', sys.maxint),
    ('small int', -sys.maxint - 1),
    ('long', 10 ** 30),
    ('negative long', -(1 << 70)),
    ('short long', 5),
    ('float', [0.1, -0.0, 1e100, float('inf')]),
    ('tuple', ((), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4))),
    ('dict of str', {'a': [1], 'b': None}),
    ('shared', [shared, shared, 'spam']),
    ('set', set([1, 2, 3])),
    ('frozenset', frozenset([1])),
    ('complex', 1 + 2j),
    ('xrange', xrange(0, 5)),
    ('bytearray', bytearray(b'\x00\xff')),
    ('old-style object', instance(Old, name='old', n=1)),
    ('old-style object with arguments', OldArgs(1, 'two')),
    ('new-style object', instance(New, name='new', n=2)),
    ('builtin names', [int, unicode, xrange, ValueError]),
]

samples = []
for name, value in SAMPLES:
    for module in (cPickle, pickle):
        for protocol in (0, 1, 2):
            data = module.dumps(value, protocol)
            samples.append(collections.OrderedDict([
                ('name', name), ('by', module.__name__), ('protocol', protocol), ('hex', data.encode('hex')),
            ]))

target = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'packages', 'pickle-core', 'test', 'py2-samples.json')
with open(target, 'w') as file:
    lines = ',\n'.join('  ' + json.dumps(sample).replace('{', '{ ').replace('}', ' }') for sample in samples)
    file.write('[\n' + lines + '\n]\n')
print('%d samples' % len(samples))
