"""Writes the data of every row: NAME.pickle (protocol 5) and NAME.json, its neutral twin.

    python3 make_data.py FOLDER

Python measures what it loads from the pickle. JavaScript builds the same values from the twin.
Everything comes from one seeded generator, and only from `random()` and `getrandbits()`,
which give the same numbers in every version of Python. Run with PYTHONHASHSEED=0, so that sets
of strings have the same order each time (on one version: strings are hashed in another way since 3.11).

The twin is JSON. What JSON lacks is an object with one key:
    {"$tuple": [...]}  {"$set": [...]}  {"$map": [[key, value], ...]}
    {"$bytes": n}   n bytes that count 0, 1, .. 255, 0, ..
    {"$buffer": n}  a PickleBuffer over n such bytes, writable
    {"$node": {..}} an instance of workers/tree.py's Node, with its attributes
"""
import json
import pickle
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "workers"))
from tree import Node  # noqa: E402

R = random.Random(574)
LETTERS = "abcdefghijklmnopqrstuvwxyz"
KEY_ALPHABET = LETTERS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"


def below(n):
    return int(R.random() * n)


def pick(items):
    return items[below(len(items))]


def word(least, most, alphabet=LETTERS):
    return "".join(pick(alphabet) for _ in range(least + below(most - least + 1)))


def words(count, least, most):
    """`count` distinct words."""
    found = {}
    while len(found) < count:
        found[word(least, most)] = None
    return list(found)


def counting(n):
    return (bytes(range(256)) * (n // 256 + 1))[:n]


# ---------------------------------------------------------------- the rows of the comparison


def user():
    """A user record of 34 keys, in the manner of pyperformance's pickle benchmark."""
    return {
        "ads_flags": 0,
        "age": 18,
        "birthday": 19800507,
        "bulletin_count": 0,
        "comment_count": 0,
        "country": "BR",
        "encrypted_id": "G9urXXAJwjE",
        "favorite_count": 9,
        "first_name": "",
        "flags": 412317970704,
        "friend_count": 0,
        "gender": "m",
        "gender_for_display": "Male",
        "id": 302935349,
        "is_custom_profile_icon": 0,
        "last_name": "",
        "locale_preference": "pt_BR",
        "member": 0,
        "tags": ["a", "b", "c", "d", "e", "f", "g"],
        "profile_foo_id": 827119638,
        "secure_encrypted_id": "Z_xxx2dYx3t4YAdnmfgyKw",
        "session_number": 2,
        "signup_id": "201-19225-223",
        "status": "A",
        "theme": 1,
        "time_created": 1225237014,
        "time_updated": 1233134493,
        "unread_message_count": 0,
        "user_group": "0",
        "username": "collinwinter",
        "play_count": 9,
        "view_count": 7,
        "zip": "",
        "zone": 3,
    }


def user_with_date():
    """The same with a birthday of three parts, as a date has."""
    return {**user(), "birthday": (1980, 5, 7)}


def group():
    """Three such records: most strings are shared, the numbers and a few strings differ."""
    out = []
    for name in ("collinwinter", "gvanrossum", "apitrou"):
        record = user()
        for key, value in record.items():
            if isinstance(value, int):
                record[key] = value + below(200)
        record["username"] = name
        record["encrypted_id"] = word(11, 11, KEY_ALPHABET)
        out.append(record)
    return out


def records():
    """20,000 records of 8 fields: a distinct name, few cities, a short list of shared tags."""
    cities, tags = words(200, 4, 12), words(40, 3, 8)
    return [
        {
            "id": 100000 + i,
            "name": f"{word(8, 15)}{i}",
            "city": pick(cities),
            "age": 18 + below(60),
            "score": R.random() * 100,
            "active": R.random() < 0.5,
            "joined": 1200000000 + R.getrandbits(28),
            "tags": [pick(tags), pick(tags), pick(tags)],
        }
        for i in range(20000)
    ]


def nodes():
    """A tree of 10,000 plain objects."""
    return linked([{"value": i, "left": None, "right": None} for i in range(10000)], dict.__setitem__)


def tree():
    """The same tree, of instances of a class."""
    return linked([Node(i) for i in range(10000)], setattr)


def linked(nodes, set_child):
    for i, node in enumerate(nodes):
        if 2 * i + 1 < len(nodes):
            set_child(node, "left", nodes[2 * i + 1])
        if 2 * i + 2 < len(nodes):
            set_child(node, "right", nodes[2 * i + 2])
    return nodes[0]


def unicode_text():
    """20,000 strings: ASCII, Latin, Cyrillic, Chinese, with an emoji here and there."""
    alphabets = (LETTERS, "àéîõüßçñåøæþ" + LETTERS, "абвгдежзиклмнопрстуфхцчшщыэюя", "东南西北山水火土金木日月星天地")
    out = {}
    while len(out) < 20000:
        text = word(4, 16, pick(alphabets))
        if below(12) == 0:
            text += pick("😀🚀🐍🎉")
        out[text] = None
    return list(out)


def nested():
    """100 lists, each 200 deep (CPython itself ends near 500)."""
    out = []
    for i in range(100):
        chain = [i]
        for depth in range(199):
            chain = [chain, depth]
        out.append(chain)
    return out


def tuples():
    """10,000 tuples that hold tuples."""
    names = words(50, 3, 8)
    return [((i, R.getrandbits(12)), (pick(names), R.random(), (i & 7, True, None))) for i in range(10000)]


def sets():
    """2,000 sets: of 8 strings, and of 8 ints."""
    names = words(400, 3, 10)
    return [{pick(names) for _ in range(8)} if i % 2 else {R.getrandbits(20) for _ in range(8)} for i in range(2000)]


def frame(size):
    """A message with one large buffer, that travels out of band."""
    return {"name": "frame", "shape": [size // 8], "data": pickle.PickleBuffer(bytearray(counting(size)))}


def repeated():
    pool = words(200, 7, 23)
    return [pick(pool) for _ in range(100000)]


MAKERS = {
    "plain": user,
    "dict": user_with_date,
    "tuple": lambda: ([(1 << 27) + R.getrandbits(27) for _ in range(30)], 60),
    "group": group,
    "list": lambda: [[list(range(10)), list(range(10))] for _ in range(10)],
    "map": lambda: {key: dict.fromkeys(range(10)) for key in range(100)},
    "records": records,
    "ints": lambda: [(1 << (bits := 7 + below(38))) + R.getrandbits(bits) for _ in range(200000)],
    "floats": lambda: [R.random() * 1000 - 500 for _ in range(200000)],
    "strings": lambda: words(100000, 7, 23),
    "repeated": repeated,
    "nodes": nodes,
    "tree": tree,
    "unicode": unicode_text,
    "nested": nested,
    "tuples": tuples,
    "sets": sets,
    "bytes64k": lambda: counting(1 << 16),
    "bytes64M": lambda: counting(1 << 26),
    "oob1k": lambda: frame(1 << 10),
    "oob64M": lambda: frame(1 << 26),
}

# ---------------------------------------------------------------- writing


def shared_strings(value, pool):
    """The same value, where equal strings are one object.

    JavaScript strings have no identity. Only so can both sides write the same bytes.
    """
    if isinstance(value, str):
        return pool.setdefault(value, value)
    if isinstance(value, dict):
        return {shared_strings(k, pool): shared_strings(v, pool) for k, v in value.items()}
    if isinstance(value, (list, tuple, set)):
        return type(value)(shared_strings(item, pool) for item in value)
    if isinstance(value, Node):
        value.__dict__ = shared_strings(value.__dict__, pool)
    return value


def twin(value):
    if isinstance(value, dict):
        if all(isinstance(key, str) for key in value):
            return {key: twin(item) for key, item in value.items()}
        return {"$map": [[twin(key), twin(item)] for key, item in value.items()]}
    if isinstance(value, list):
        return [twin(item) for item in value]
    if isinstance(value, tuple):
        return {"$tuple": [twin(item) for item in value]}
    if isinstance(value, set):
        return {"$set": [twin(item) for item in value]}
    if isinstance(value, bytes):
        return {"$bytes": len(value)}
    if isinstance(value, pickle.PickleBuffer):
        return {"$buffer": len(value.raw())}
    if isinstance(value, Node):
        return {"$node": twin(value.__dict__)}
    return value


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    sys.setrecursionlimit(20000)
    for name, make in MAKERS.items():
        R.seed(f"574 {name}")
        value = shared_strings(make(), {})
        data = pickle.dumps(value, protocol=5, buffer_callback=lambda buffer: None)
        (folder / f"{name}.pickle").write_bytes(data)
        text = json.dumps(twin(value), ensure_ascii=False, separators=(",", ":"))
        (folder / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
