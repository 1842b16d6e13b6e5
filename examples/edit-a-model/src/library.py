"""The Python side: the libraries themselves, and nothing of ours.

    library.py list                          the libraries that are here, as JSON: each with its version, or why it is missing
    library.py make NAME FOLDER PROTOCOL...  makes an object, and pickles it into FOLDER/PROTOCOL.pkl
    library.py judge NAME BEFORE AFTER...    loads the files, and says as JSON how each differs from the first

A protocol is a number, or "default".
"""
import importlib
import json
import os
import pickle
import sys


class NumPy:
    """An array of floats."""

    def make(self):
        import numpy

        return numpy.linspace(0.0, 1.0, 6).reshape(2, 3)

    def judge(self, before, after):
        same = before.dtype == after.dtype and before.shape == after.shape and before.strides == after.strides
        return numbers(after - before), same


class SciPy:
    """A sparse matrix of floats."""

    def make(self):
        from scipy import sparse

        return sparse.csr_matrix(([1.0, 2.0, 3.0], ([0, 1, 2], [2, 0, 1])), shape=(3, 3))

    def judge(self, before, after):
        change = (after - before).toarray()
        same = type(before) is type(after) and (before.indices == after.indices).all() and (before.indptr == after.indptr).all()
        # The matrix still multiplies.
        ones = [1.0, 1.0, 1.0]
        return numbers(change), same and (after @ ones - before @ ones == change @ ones).all()


class Pandas:
    """A frame with columns of several types."""

    def make(self):
        import pandas

        return pandas.DataFrame({'name': ['tea', 'rice', 'salt'], 'price': [1.5, 2.5, 3.5], 'stock': [1, 2, 3]})

    def judge(self, before, after):
        others = ['name', 'stock']
        same = before[others].equals(after[others]) and before.index.equals(after.index) and (before.dtypes == after.dtypes).all()
        change = after['price'] - before['price']
        return numbers(change), same and after['price'].sum() == before['price'].sum() + change.sum()


class LinearRegression:
    """A linear regression that has learned."""

    def make(self):
        from sklearn.linear_model import LinearRegression

        return LinearRegression().fit([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0])

    def judge(self, before, after):
        # Each prediction moves by what the intercept moves.
        rows = [[-1.0], [0.5], [7.0]]
        return numbers(after.predict(rows) - before.predict(rows)), same_but('intercept_', before, after)


class DecisionTree:
    """A decision tree that has learned: its nodes are the state of a class written in Cython."""

    def make(self):
        from sklearn.tree import DecisionTreeRegressor

        return DecisionTreeRegressor(max_leaf_nodes=4, random_state=0).fit(self.rows(), self.rows()[:, 0] ** 2)

    def judge(self, before, after):
        change = after.predict(self.rows()) - before.predict(self.rows())
        # The rows of one leaf move, and no others.
        leaf = before.apply(self.rows()) == before.tree_.node_count - 1
        first, second = (model.tree_.__getstate__()['nodes'] for model in (before, after))
        same = (first == second).all() and same_but('tree_', before, after)
        return numbers(change), same and leaf.any() and not leaf.all() and (change[~leaf] == 0).all()

    def rows(self):
        import numpy

        return numpy.arange(100.0).reshape(100, 1)


class NearestNeighbors:
    """A regression whose setting counts at each prediction: over how many neighbours it takes the mean."""

    def make(self):
        return self.fitted(1)

    def judge(self, before, after):
        rows = [[0.0], [12.3]]
        same = (after.predict(rows) == self.fitted(after.n_neighbors).predict(rows)).all()
        return numbers([after.n_neighbors - before.n_neighbors]), same and same_but('n_neighbors', before, after)

    def fitted(self, neighbors):
        from sklearn.neighbors import KNeighborsRegressor

        return KNeighborsRegressor(neighbors, algorithm='brute').fit([[float(x)] for x in range(20)], [x * x for x in range(20)])


class LightGBM:
    """A boosted tree that has learned."""

    def make(self):
        import lightgbm

        settings = {'objective': 'regression', 'verbose': -1, 'num_threads': 1, 'num_leaves': 4, 'deterministic': True}
        return lightgbm.train(settings, lightgbm.Dataset(self.rows(), (self.rows()[:, 0] > 40) * 2.0), num_boost_round=1)

    def judge(self, before, after):
        change = after.predict(self.rows()) - before.predict(self.rows())
        # The rows of one leaf move, and no others.
        leaf = before.predict(self.rows(), pred_leaf=True).reshape(-1) == 0
        return numbers(change), leaf.any() and not leaf.all() and (change[~leaf] == 0).all() and before.params == after.params

    def rows(self):
        import numpy

        return numpy.arange(100.0).reshape(100, 1)


LIBRARIES = {
    'numpy': NumPy,
    'scipy': SciPy,
    'pandas': Pandas,
    'sklearn': LinearRegression,
    'sklearn.tree': DecisionTree,
    'sklearn.neighbors': NearestNeighbors,
    'lightgbm': LightGBM,
}


def numbers(change):
    """By how much numbers differ, each amount once, without those that do not."""
    return sorted({round(float(x), 9) for x in getattr(change, 'flat', change)} - {0.0})


def same_but(name, before, after):
    """Whether two estimators have equal attributes, in their order, all but one."""
    import numpy

    first, second = vars(before), vars(after)
    return list(first) == list(second) and all(numpy.array_equal(first[key], second[key]) for key in first if key != name)


def available():
    found = {}
    for name in LIBRARIES:
        try:
            importlib.import_module(name)
        except (ImportError, OSError) as error:  # OSError: a library of the system that a wheel needs
            found[name] = {'missing': str(error)}
        else:
            found[name] = {'version': sys.modules[name.split('.')[0]].__version__}
    return found


def make(name, folder, protocols):
    value = LIBRARIES[name]().make()
    for protocol in protocols:
        with open(os.path.join(folder, f'{protocol}.pkl'), 'wb') as file:
            pickle.dump(value, file, None if protocol == 'default' else int(protocol))


def judge(name, before, after):
    verdicts = []
    for path in after:
        changed, rest = LIBRARIES[name]().judge(load(before), load(path))
        verdicts.append({'changed': changed, 'rest': bool(rest)})
    return verdicts


def load(path):
    with open(path, 'rb') as file:
        return pickle.load(file)


def main(command, name='', path='', *more):
    if command == 'list':
        print(json.dumps(available()))
    elif command == 'make':
        make(name, path, more)
    else:
        print(json.dumps(judge(name, path, more)))


main(*sys.argv[1:])
