"""Objects of whole libraries, as the tests of `libraries.matrix.ts` want them: each library pickles what it made itself.

Each function gives a value for JSON, and a list of pickles.

  versions()                the version of each library, or why it is not here
  make(library)             the files' names and protocols, what the library cannot pickle; and the files, every object at every protocol
  again(files, protocols)   what Python writes of each file when it has loaded it
"""
import importlib
import pickle
import warnings

# What the libraries say of their own future is no matter of these tests.
warnings.simplefilter('ignore')


def numpy_objects(np):
    shared = np.arange(4.0)
    rows = [('rice', 2, 1.5), ('salt', 1, 0.5)]
    return {
        'floats': lambda: np.linspace(0.0, 1.0, 6).reshape(2, 3),
        'in Fortran order': lambda: np.asfortranarray(np.linspace(0.0, 1.0, 6).reshape(2, 3)),
        'every other one': lambda: np.arange(10.0)[::2],
        'large': lambda: np.arange(20_000.0),
        'no dimension': lambda: np.array(1.5),
        'empty': lambda: np.zeros((0, 3)),
        'big-endian': lambda: np.arange(3, dtype='>i4'),
        'complex': lambda: np.array([1 + 2j, complex('nan')]),
        'text': lambda: np.array(['tea', 'rice']),
        'text of any length': lambda: np.array(['tea', 'rice'], dtype=np.dtypes.StringDType()),
        'bytes': lambda: np.array([b'tea', b'rice']),
        'dates': lambda: np.array(['2020-01-01', 'NaT'], 'M8[ns]'),
        'objects': lambda: np.array([1, 'tea', None, [1], 2.5], object),
        'records': lambda: np.array(rows, [('name', 'U4'), ('stock', 'i4'), ('price', 'f8')]),
        'rec.array': lambda: np.rec.array(rows, dtype=[('name', 'U4'), ('stock', 'i4'), ('price', 'f8')]),
        'masked': lambda: np.ma.array([1.0, 2.0], mask=[False, True]),
        'matrix': lambda: np.matrix([[1.0, 2.0]]),
        'one array twice, and a view': lambda: [shared, shared, shared[1:]],
        'scalars': lambda: [np.float64(1.5), np.int8(-1), np.bool_(True), np.str_('tea'), np.datetime64('2020-01-01')],
        'dtypes': lambda: [np.dtype('f8'), np.dtype([('a', '<f8'), ('b', '>i2', 2)])],
        'ufunc': lambda: np.add,
        'polynomial': lambda: np.polynomial.Polynomial([1.0, 2.0, 3.0]),
        'generator': lambda: np.random.default_rng(5),
        'RandomState': lambda: np.random.RandomState(5),
    }


def scipy_objects(scipy):
    import numpy as np
    from scipy import interpolate, optimize, signal, sparse, spatial, stats

    x = np.arange(8.0)
    points = np.stack([x, np.sin(x)], axis=1)
    objects = {
        f'sparse {form}': lambda form=form: sparse.random(6, 6, 0.3, format=form, random_state=1)
        for form in ['csr', 'csc', 'coo', 'bsr', 'dia', 'dok', 'lil']
    }
    return {
        **objects,
        'sparse array': lambda: sparse.csr_array(np.eye(3)),
        'CubicSpline': lambda: interpolate.CubicSpline(x, x**2),
        'interp1d': lambda: interpolate.interp1d(x, x**2),
        'RegularGridInterpolator': lambda: interpolate.RegularGridInterpolator((x,), x**2),
        'RBFInterpolator': lambda: interpolate.RBFInterpolator(points, x),
        'cKDTree': lambda: spatial.cKDTree(points),
        'KDTree': lambda: spatial.KDTree(points),
        'Rotation': lambda: spatial.transform.Rotation.from_euler('x', 1.0),
        'norm': lambda: stats.norm(1.0, 2.0),
        'gaussian_kde': lambda: stats.gaussian_kde(x),
        'linregress': lambda: stats.linregress(x, x**2),
        'OptimizeResult': lambda: optimize.minimize(lambda v: float((v**2).sum()), [1.0, 2.0]),
        'TransferFunction': lambda: signal.TransferFunction([1.0], [1.0, 2.0]),
    }


def pandas_objects(pd):
    frame = pd.DataFrame({
        'name': ['tea', 'rice', 'salt'],
        'price': [1.5, 2.5, float('nan')],
        'stock': [1, 2, 3],
        'when': pd.date_range('2020', periods=3, tz='Europe/Paris'),
        'kind': pd.Categorical(['a', 'b', 'a']),
    })
    return {
        'DataFrame': lambda: frame,
        'Series': lambda: frame['price'],
        'slice of a DataFrame': lambda: frame.iloc[::2],
        'MultiIndex': lambda: frame.set_index(['name', 'stock']),
        'empty': lambda: pd.DataFrame(),
        'objects': lambda: pd.DataFrame({'o': [[1], {'a': 2}, None]}),
        'categories': lambda: frame['kind'],
        'periods': lambda: pd.period_range('2020', periods=3, freq='D'),
        'intervals': lambda: pd.interval_range(0, 3),
        'Timestamp': lambda: pd.Timestamp('2020-01-01', tz='Europe/Paris'),
        'Timedelta': lambda: pd.Timedelta(5, 's'),
        'NA and NaT': lambda: [pd.NA, pd.NaT],
        'Int64': lambda: pd.array([1, None], dtype='Int64'),
        'string': lambda: pd.array(['a', None], dtype='string'),
        'sparse': lambda: pd.arrays.SparseArray([0.0, 0.0, 1.0]),
        'offset': lambda: pd.offsets.MonthEnd(2),
    }


def sklearn_objects(sklearn):
    import numpy as np
    from sklearn import (calibration, cluster, compose, decomposition, ensemble, feature_extraction, gaussian_process, isotonic,
                         linear_model, model_selection, naive_bayes, neighbors, neural_network, pipeline, preprocessing, svm, tree)

    x = np.stack([np.arange(20.0), np.sin(np.arange(20.0))], axis=1)
    y = 2 * x[:, 0] + 1
    halves = (y > 20).astype(int)
    few = {'n_estimators': 3, 'random_state': 0}
    kernel = gaussian_process.kernels.RBF() + gaussian_process.kernels.WhiteKernel()
    scaler = preprocessing.StandardScaler
    return {
        'not fitted': lambda: linear_model.Ridge(),
        'LinearRegression': lambda: linear_model.LinearRegression().fit(x, y),
        'LogisticRegression': lambda: linear_model.LogisticRegression().fit(x, halves),
        'SGDClassifier': lambda: linear_model.SGDClassifier(random_state=0).fit(x, halves),
        'DecisionTreeRegressor': lambda: tree.DecisionTreeRegressor(max_depth=2, random_state=0).fit(x, y),
        'RandomForestClassifier': lambda: ensemble.RandomForestClassifier(**few).fit(x, halves),
        'GradientBoostingRegressor': lambda: ensemble.GradientBoostingRegressor(**few).fit(x, y),
        'HistGradientBoostingClassifier': lambda: ensemble.HistGradientBoostingClassifier(max_iter=3, random_state=0).fit(x, halves),
        'AdaBoostClassifier': lambda: ensemble.AdaBoostClassifier(**few).fit(x, halves),
        'IsolationForest': lambda: ensemble.IsolationForest(**few).fit(x),
        'VotingRegressor': lambda: ensemble.VotingRegressor([('a', linear_model.Ridge()), ('b', linear_model.Lasso())]).fit(x, y),
        'Pipeline': lambda: pipeline.make_pipeline(scaler(), linear_model.Ridge()).fit(x, y),
        'GridSearchCV': lambda: model_selection.GridSearchCV(linear_model.Ridge(), {'alpha': [0.1, 1.0]}, cv=2).fit(x, y),
        'ColumnTransformer': lambda: compose.ColumnTransformer([('n', scaler(), [0]), ('o', preprocessing.OneHotEncoder(), [1])]).fit(x),
        'SVC': lambda: svm.SVC().fit(x, halves),
        'KNeighborsClassifier': lambda: neighbors.KNeighborsClassifier(3).fit(x, halves),
        'BallTree': lambda: neighbors.BallTree(x),
        'KMeans': lambda: cluster.KMeans(2, n_init=1, random_state=0).fit(x),
        'PCA': lambda: decomposition.PCA(1).fit(x),
        'TfidfVectorizer': lambda: feature_extraction.text.TfidfVectorizer().fit(['a cat sat', 'the dog sat']),
        'GaussianProcessRegressor': lambda: gaussian_process.GaussianProcessRegressor(kernel, optimizer=None).fit(x, y),
        'MLPRegressor': lambda: neural_network.MLPRegressor(hidden_layer_sizes=(3,), max_iter=5, random_state=0).fit(x, y),
        'GaussianNB': lambda: naive_bayes.GaussianNB().fit(x, halves),
        'IsotonicRegression': lambda: isotonic.IsotonicRegression().fit(x[:, 0], y),
        'CalibratedClassifierCV': lambda: calibration.CalibratedClassifierCV(linear_model.LogisticRegression(), cv=2).fit(x, halves),
        'FunctionTransformer': lambda: preprocessing.FunctionTransformer(np.log1p).fit(x),
        'LabelEncoder': lambda: preprocessing.LabelEncoder().fit(['tea', 'rice']),
    }


def lightgbm_objects(lightgbm):
    import numpy as np

    x = np.stack([np.arange(40.0), np.sin(np.arange(40.0))], axis=1)
    y = 2 * x[:, 0] + 1
    settings = {'verbose': -1, 'num_threads': 1, 'min_data_in_leaf': 2, 'deterministic': True}
    return {
        'Booster': lambda: lightgbm.train({'objective': 'regression', **settings}, lightgbm.Dataset(x, y), 2),
        'LGBMClassifier': lambda: lightgbm.LGBMClassifier(n_estimators=2, min_child_samples=2, n_jobs=1, verbose=-1).fit(x, y > 20),
        'LGBMRegressor': lambda: lightgbm.LGBMRegressor(n_estimators=2, min_child_samples=2, n_jobs=1, verbose=-1).fit(x, y),
    }


LIBRARIES = {
    'numpy': numpy_objects,
    'scipy': scipy_objects,
    'pandas': pandas_objects,
    'sklearn': sklearn_objects,
    'lightgbm': lightgbm_objects,
}


def versions():
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = {'version': importlib.import_module(name).__version__}
        except (ImportError, OSError) as error:  # OSError: a system library that a wheel needs
            found[name] = {'missing': str(error)}
    return found, []


def make(library):
    files, refused, out = [], [], []
    for name, build in LIBRARIES[library](importlib.import_module(library)).items():
        value = build()
        for protocol in range(6):
            try:
                out.append(pickle.dumps(value, protocol))
            except Exception as error:  # the library's own limits: old protocols do not know every class
                refused.append(f'{name} at protocol {protocol}: {error}')
            else:
                files.append({'name': name, 'protocol': protocol})
    return {'files': files, 'refused': refused}, out


def again(files, protocols):
    return None, [pickle.dumps(pickle.loads(data), protocol) for data, protocol in zip(files, protocols)]
