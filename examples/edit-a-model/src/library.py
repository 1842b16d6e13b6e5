"""The Python side: the libraries themselves, and nothing of ours.

    library.py list                              the names of the libraries that are here, as JSON
    library.py make NAME PROTOCOL FILE           makes the object of a library, and pickles it into a file
    library.py judge NAME PROTOCOL FILE EDITED   loads both files, and says as JSON what has changed

PROTOCOL is a number, or "default".
"""
import json
import pickle
import sys

DELTA = 10.0


class NumPy:
    """An array of floats."""

    def make(self):
        import numpy

        return numpy.linspace(0.0, 1.0, 6).reshape(2, 3)

    def judge(self, before, after):
        change = after - before
        return {'changed': change[change != 0].tolist(), 'rest': before.dtype == after.dtype and before.shape == after.shape}


class SciPy:
    """A sparse matrix of floats."""

    def make(self):
        from scipy import sparse

        return sparse.csr_matrix(([1.0, 2.0, 3.0], ([0, 1, 2], [2, 0, 1])), shape=(3, 3))

    def judge(self, before, after):
        change = (after - before).toarray()
        same = type(before) is type(after) and (before.indices == after.indices).all() and (before.indptr == after.indptr).all()
        # The matrix still multiplies: one row is larger by the change.
        product = after @ [1.0, 1.0, 1.0] - before @ [1.0, 1.0, 1.0]
        return {'changed': change[change != 0].tolist(), 'rest': bool(same) and sorted(product) == [0, 0, DELTA]}


class Pandas:
    """A frame with columns of several types."""

    def make(self):
        import pandas

        return pandas.DataFrame({'name': ['tea', 'rice', 'salt'], 'price': [1.5, 2.5, 3.5], 'stock': [1, 2, 3]})

    def judge(self, before, after):
        change = after['price'] - before['price']
        others = ['name', 'stock']
        same = before[others].equals(after[others]) and (before.dtypes == after.dtypes).all()
        return {'changed': change[change != 0].tolist(), 'rest': bool(same) and before.index.equals(after.index)}


class ScikitLearn:
    """A linear regression that has learned."""

    def make(self):
        from sklearn.linear_model import LinearRegression

        return LinearRegression().fit([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0])

    def judge(self, before, after):
        rows = [[-1.0], [0.5], [7.0]]
        # Its intercept: every prediction moves by it.
        change = after.predict(rows) - before.predict(rows)
        same = (before.coef_ == after.coef_).all() and before.get_params() == after.get_params()
        return {'changed': [round(float(after.intercept_ - before.intercept_), 9)], 'rest': bool(same) and all(abs(change - DELTA) < 1e-9)}


class LightGBM:
    """A boosted tree that has learned."""

    def make(self):
        import lightgbm
        import numpy

        rows = numpy.arange(100.0).reshape(100, 1)
        settings = {'objective': 'regression', 'verbose': -1, 'num_threads': 1, 'num_leaves': 4, 'deterministic': True}
        return lightgbm.train(settings, lightgbm.Dataset(rows, (rows[:, 0] > 40) * 2.0), num_boost_round=1)

    def judge(self, before, after):
        import numpy

        rows = numpy.arange(100.0).reshape(100, 1)
        change = after.predict(rows) - before.predict(rows)
        # The rows of one leaf move, and no others.
        leaf = before.predict(rows, pred_leaf=True).reshape(-1) == 0
        moved = numpy.unique(change[leaf].round(9)).tolist()
        return {'changed': moved, 'rest': bool(leaf.any() and not leaf.all() and (change[~leaf] == 0).all())}


LIBRARIES = {'numpy': NumPy, 'scipy': SciPy, 'pandas': Pandas, 'sklearn': ScikitLearn, 'lightgbm': LightGBM}


def available():
    names = []
    for name in LIBRARIES:
        try:
            __import__(name)
        except ImportError:
            continue
        names.append(name)
    return names


def judge(library, protocol, before, after):
    first, second = pickle.loads(before), pickle.loads(after)
    return {
        **library.judge(first, second),
        # Whether CPython's own round trip gives the same bytes: then ours must, too.
        'again': pickle.dumps(first, protocol) == before,
    }


def read(path):
    with open(path, 'rb') as file:
        return file.read()


def main(command, name='', protocol='default', *files):
    number = None if protocol == 'default' else int(protocol)
    if command == 'list':
        print(json.dumps(available()))
    elif command == 'make':
        with open(files[0], 'wb') as file:
            file.write(pickle.dumps(LIBRARIES[name]().make(), number))
    else:
        print(json.dumps(judge(LIBRARIES[name](), number, read(files[0]), read(files[1]))))


main(*sys.argv[1:])
