import hashlib

from services.selection.domain.audit.tree import inputs_root, leaf_hash, record_of, root_hash
from tests.builders.selection import a_candidate

PEOPLE = [a_candidate(n, score=n) for n in range(1, 8)]


def _node(left, right):
    both = b"\1" + bytes.fromhex(left) + bytes.fromhex(right)
    return hashlib.sha256(both).hexdigest()


def test_leaf_is_the_hash_of_a_zero_byte_and_the_record():
    record = {"id": "a", "country": "AZ", "standings": []}
    text = b'\0{"country":"AZ","id":"a","standings":[]}'
    assert leaf_hash(record) == hashlib.sha256(text).hexdigest()


def test_tree_is_that_of_rfc_6962():
    a, b, c, d, e, f, g = leaves = [leaf_hash(record_of(person)) for person in PEOPLE]
    assert root_hash([]) == hashlib.sha256(b"").hexdigest()
    assert root_hash([a]) == a
    assert root_hash([a, b, c]) == _node(_node(a, b), c)
    whole = _node(_node(_node(a, b), _node(c, d)), _node(_node(e, f), g))
    assert root_hash(leaves) == whole


def test_order_of_people_means_nothing_and_everybody_counts():
    assert inputs_root(reversed(PEOPLE)) == inputs_root(PEOPLE)
    assert inputs_root(PEOPLE[1:]) != inputs_root(PEOPLE)
