"""Writes files as strangers send them: good ones by CPython's own pickler, hostile ones also by hand, opcode by opcode.

    python3 make_files.py FOLDER

It prints their names. Nothing here loads them. In Python, loading `command.pkl` or `hidden.pkl` runs what they name.
"""

import os
import pickle
import sys
from collections import OrderedDict

# The classes of another company's shop. Only their names are in the files.
sys.modules['shop'] = sys.modules['shop.models'] = sys.modules[__name__]


class Customer:
    __module__ = 'shop.models'

    def __init__(self, name, city):
        self.name, self.city = name, city


class Order:
    __module__ = 'shop.models'

    def __init__(self, number, customer, items):
        self.number, self.customer, self.items = number, customer, items


class Command:
    def __reduce__(self):
        return os.system, ('echo this could have been anything',)


def orders():
    ada = Customer('Ada', 'London')
    return {'orders': [Order(7, ada, {'tea': 2}), Order(8, ada, {'scones': 12, 'jam': 1})]}


def long_at(width, number):
    return number.to_bytes(width, 'little')


FILES = {
    'orders.pkl': pickle.dumps(orders(), 4),
    # One more class than was agreed on.
    'extra.pkl': pickle.dumps({**orders(), 'report': OrderedDict()}, 4),
    # os.system as the pickler writes it. Its module is `posix`, or `nt` on Windows.
    'command.pkl': pickle.dumps({**orders(), 'report': Command()}, 4),
    # The same by hand, and out of sight: the name is put together from the memo, and the result is thrown away, so that
    # what Python loads is {'orders': []}.
    'hidden.pkl': b'\x80\x04'  # PROTO 4
    b'\x8c\x02os\x94'  # SHORT_BINUNICODE 'os', MEMOIZE as 0
    b'\x8c\x06system\x94'  # SHORT_BINUNICODE 'system', MEMOIZE as 1
    b'00'  # POP both
    b'h\x00h\x01\x93'  # BINGET 0, BINGET 1, STACK_GLOBAL
    b'\x8c\x08echo boo\x85R'  # 'echo boo', TUPLE1, REDUCE: the call
    b'0'  # POP its result
    b'}\x8c\x06orders]s.',  # {'orders': []}, STOP
    # 13 bytes that say that a terabyte follows.
    'length-bomb.pkl': b'\x80\x04\x8e' + long_at(8, 1 << 40) + b'A.',  # PROTO 4, BINBYTES8, one byte, STOP
    # One entry, far out in the memo. CPython's memo is an array, so there it takes gigabytes.
    'memo-bomb.pkl': b'\x80\x04Nr' + long_at(4, 0x7FFFFFFF) + b'.',  # PROTO 4, NONE, LONG_BINPUT, STOP
    # A million lists, each in the next.
    'depth-bomb.pkl': b'\x80\x04' + b']' * 1_000_000 + b'a' * 999_999 + b'.',  # PROTO 4, EMPTY_LIST, APPEND, STOP
}

for name, data in FILES.items():
    with open(os.path.join(sys.argv[1], name), 'wb') as file:
        file.write(data)
    print(name)
