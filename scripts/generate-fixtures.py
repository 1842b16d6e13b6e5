"""Writes fixtures/golden: values of every kind as CPython pickles them, and what CPython makes of each file.

    python3 scripts/generate-fixtures.py [python3.6 python3.7 ...]

It runs the Pythons that are given, or those on the PATH, each with its C pickler and with the one in Python. Nothing is
random, no set has an order that depends on a run: the same versions write the same files again. What versions wrote that are not
here stays. `fixtures/README.md` describes the files.
"""
import base64
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / 'scripts' / 'fixtures'))

from evaluate import all_topics  # noqa: E402
from golden_store import BY_NEWEST, BY_REFERENCE, REFERENCE, Group, read, write  # noqa: E402
from pythons import WANTED, find, order  # noqa: E402

FOLDER = ROOT / 'fixtures' / 'golden'
VERSIONS = FOLDER / 'versions.json'
README = ROOT / 'fixtures' / 'README.md'
MARK = '<!-- versions -->'


def main(given):
    topics = all_topics()
    known = json.loads(VERSIONS.read_text()) if VERSIONS.exists() else {'writers': {}, 'newest': None}
    pythons = find(given, known['writers'])
    print('with', ', '.join(python.version for python in pythons) or 'no Python: nothing changes')
    groups = {topic: read(FOLDER, topic, cases) for topic, cases in topics.items()}
    forget(groups, {python.label for python in pythons})
    for python in pythons:
        produce(python, groups)
    drop_unwritten(groups)
    for topic, cases in topics.items():
        for case in cases:
            if not any((case.name, protocol) in groups[topic] for protocol in case.protocols):
                print('nobody wrote %s/%s' % (topic, case.name))
    examine([python for python in pythons if python.label != '2.7'], topics, groups, known)
    for python in pythons:
        known['writers'][python.label] = python.version
    known['writers'] = {label: known['writers'][label] for label in sorted(known['writers'], key=order)}
    files = [write(FOLDER, topic, cases, groups[topic]) for topic, cases in topics.items()]
    VERSIONS.write_text(json.dumps(known, indent=2) + '\n')
    describe_versions(known)
    entries = [entry for topic in groups.values() for group in topic.values() for entry in group.all.values()]
    print('%d values, %d pickles, %d files, %d bytes' % (
        sum(map(len, topics.values())), len(entries), sum(count for count, _ in files), sum(size for _, size in files)))


def entries_of(groups):
    return [(topic, key, entry) for topic in groups for key in groups[topic] for entry in groups[topic][key].all.values()]


def forget(groups, labels):
    """What the Pythons that are here said before."""
    for _, _, entry in entries_of(groups):
        for by in entry.writers:
            entry.writers[by] -= labels
        entry.loads -= labels
        entry.again -= labels


def produce(python, groups):
    print('%s writes' % python.version)
    for line in python.lines('produce.py')[1:]:
        if 'data' in line:
            group = groups[line['topic']].setdefault((line['name'], line['protocol']), Group())
            buffers = [(base64.b64decode(text), readonly) for text, readonly in line.get('buffers', [])]
            group.add(base64.b64decode(line['data']), buffers).writers[line['by']].add(python.label)


def drop_unwritten(groups):
    for topic in groups.values():
        for key, group in list(topic.items()):
            group.all = {data: entry for data, entry in group.all.items() if any(entry.writers.values())}
            if not group.all:
                del topic[key]


def examine(pythons, topics, groups, known):
    """Every Python 3 reads and writes again each file; the newest ever seen disassembles it, the reference says what it writes."""
    entries = entries_of(groups)
    cases = {(topic, case.name): case for topic in topics for case in topics[topic]}
    lines = []
    for topic, (name, protocol), entry in entries:
        case = cases[topic, name]
        lines.append(json.dumps({
            'data': text(entry.data), 'protocol': protocol, 'dump': case.dump, 'load': case.load,
            'buffers': [[text(data), readonly] for data, readonly in entry.buffers],
        }))
    cpythons = [python.label for python in pythons if not python.label.startswith('pypy')]
    newest = cpythons[-1] if cpythons else None
    is_newest = newest is not None and (known['newest'] is None or order(newest) >= order(known['newest']))
    for python in pythons:
        print('%s reads' % python.version)
        is_reference = python.label == REFERENCE
        asked = ['dis'] * (python.label == newest) + ['written'] * is_reference
        answers = python.lines('examine.py', *asked, input='\n'.join(lines).encode())
        for (_, _, entry), answer in zip(entries, answers):
            if answer['loads']:
                entry.loads.add(python.label)
            if answer['again']:
                entry.again.add(python.label)
            # An older Python disassembles only what no newer one has seen.
            if python.label == newest and (is_newest or entry.dis is None):
                entry.dis = answer['dis']
                entry.learn(BY_NEWEST, answer)
            if is_reference:
                entry.learn(BY_REFERENCE, answer)
    if is_newest:
        known['newest'] = newest


def text(data):
    return base64.b64encode(data).decode('ascii')


def describe_versions(known):
    """The part of fixtures/README.md that says who wrote the files."""
    before, _, after = README.read_text(encoding='utf-8').split(MARK)
    missing = [label for label in WANTED if not any(writer.startswith(label) for writer in known['writers'])]
    lines = [
        'Written by: %s.' % ', '.join(('' if label.startswith('pypy') else 'CPython ') + version for label, version in known['writers'].items()),
        'Missing: %s.' % (', '.join(missing) or 'none'),
        'Disassembled and optimized by: %s.' % known['newest'],
    ]
    README.write_text(before + MARK + '\n' + '\n'.join(lines) + '\n' + MARK + after, encoding='utf-8')


if __name__ == '__main__':
    main(sys.argv[1:])
