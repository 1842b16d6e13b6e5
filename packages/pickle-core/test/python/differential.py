"""Python's side of the differential test: writes random graphs, and compares what comes back.

The worker runs these functions. Options of a graph come from its seed: the protocol, the C or the pure-Python pickler, fix_imports,
whether buffers go out of band.
"""
import copyreg
import io
import pickle
import random

import graph_classes as gc
import graphs
import isomorphism
import rewrite

TABLE = copyreg.dispatch_table.copy()
TABLE[gc.Tabled] = gc.reduce_made


class Hooks:
    """What a pickler can be told about objects."""

    dispatch_table = TABLE

    def persistent_id(self, value):
        return value.pid if type(value) is gc.External else None

    def reducer_override(self, value):
        return gc.reduce_made(value) if type(value) is gc.Overridden else NotImplemented


class CPickler(Hooks, pickle.Pickler):
    pass


class PythonPickler(Hooks, pickle._Pickler):
    pass


class Load:
    def persistent_load(self, pid):
        return gc.External(pid)


class CUnpickler(Load, pickle.Unpickler):
    pass


class PythonUnpickler(Load, pickle._Unpickler):
    pass


def plan(seed):
    rng = random.Random(seed * 37 + 5)
    protocol = graphs.protocol_of(seed)
    return {
        'seed': seed,
        'protocol': protocol,
        'pickler': 'Python' if rng.random() < 0.2 else 'C',
        'fixImports': protocol >= 3 or rng.random() < 0.85,
        'outOfBand': protocol == 5 and rng.random() < 0.75,
    }


def dump(value, how, pickler=CPickler):
    out, buffers = io.BytesIO(), []
    callback = buffers.append if how['outOfBand'] else None
    pickler(out, how['protocol'], fix_imports=how['fixImports'], buffer_callback=callback).dump(value)
    raws = [buffer.raw() for buffer in buffers]
    return out.getvalue(), [(bytes(raw), raw.readonly) for raw in raws]


def load(data, how, buffers=(), unpickler=CUnpickler):
    given = [pickle.PickleBuffer(raw if readonly else bytearray(raw)) for raw, readonly in buffers]
    return unpickler(io.BytesIO(data), fix_imports=how['fixImports'], buffers=given or None).load()


# What was written, by seed, until what came back is compared.
WRITTEN = {}


def write(first, count):
    """
    Graphs first, first + 1, ...: facts about each, and the blobs of each: the pickle, then its buffers, then, for each third one, the
    same pickle in other opcodes.
    """
    facts, blobs = [], []
    for seed in range(first, first + count):
        how = plan(seed)
        try:
            more, parts = write_one(seed, how)
            facts.append(dict(how, **more))
            blobs += parts
        except RecursionError:
            # A graph that no pickler can write, or no unpickler read.
            facts.append(dict(how, refused='RecursionError'))
        except Refused as error:
            facts.append(dict(how, refused=str(error)))
        except Exception as error:
            facts.append(dict(how, failed='%s: %s' % (type(error).__name__, error)))
    return facts, blobs


class Refused(Exception):
    """A pickler cannot write a graph."""


def write_one(seed, how):
    gc.start_again()
    value, seen = graphs.make(seed, how['protocol'])
    try:
        data, buffers = dump(value, how, PythonPickler if how['pickler'] == 'Python' else CPickler)
    except AssertionError as error:
        # In pickle.py: two buffers of one byte in band have the same bytes object, which save_bytes memoizes twice.
        raise Refused('AssertionError in pickle.py') from error
    twin = load(data, how, buffers)
    again = dump(twin, how) == (data, buffers)
    raws = [raw for raw, _ in buffers]
    readonly = [readonly for _, readonly in buffers]
    other = []
    if seed % 3 == 1:
        other = [rewrite.rewrite(data, random.Random(seed))]
        # A fault of the rewriter, not of the codec.
        why = isomorphism.difference(twin, load(other[0], how, buffers))
        assert why is None, 'in other opcodes: %s' % why
    WRITTEN[seed] = (data, buffers, how)
    facts = {'again': again, 'readonly': readonly, 'seen': sorted(seen), 'rewritten': bool(other)}
    return facts, [data] + raws + other


def forget(first, count):
    for seed in range(first, first + count):
        WRITTEN.pop(seed, None)


def compare(seeds, counts, blobs):
    """What came back for these seeds: for each, where it differs from what was written, or None."""
    result = []
    for seed, count in zip(seeds, counts):
        mine, buffers, how = WRITTEN[seed]
        theirs, *raws = blobs[:count]
        blobs = blobs[count:]
        unpickler = PythonUnpickler if seed % 4 == 0 else CUnpickler
        try:
            if [raw for raw, _ in buffers] != [bytes(raw) for raw in raws]:
                result.append('the buffers differ')
                continue
            result.append(isomorphism.difference(load(mine, how, buffers), load(theirs, how, buffers, unpickler)))
        except Exception as error:
            result.append('%s: %s' % (type(error).__name__, error))
    return result


def echo(plans, blobs):
    """Loads each pickle, and dumps it at the same protocol: facts about each, and the blobs of each."""
    facts, out = [], []
    for protocol, out_of_band, readonly in plans:
        data, *raws = blobs[: 1 + len(readonly)]
        blobs = blobs[1 + len(readonly) :]
        how = {'protocol': protocol, 'fixImports': True, 'outOfBand': out_of_band}
        try:
            again, buffers = dump(load(data, how, list(zip(raws, readonly))), how)
        except Exception as error:
            facts.append({'error': '%s: %s' % (type(error).__name__, error)})
            continue
        facts.append({'readonly': [readonly for _, readonly in buffers]})
        out += [again] + [raw for raw, _ in buffers]
    return facts, out
