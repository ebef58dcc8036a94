"""A bundle gives its result again; whatever is altered in it is refused by name."""

import pytest

from chassis.errors import RuleViolation
from services.selection.domain.audit.bundle import bundle_of
from services.selection.domain.audit.difference import Different
from services.selection.domain.audit.tree import leaf_hash, root_hash
from services.selection.domain.audit.verify import check
from services.selection.domain.canonical import sha256_of
from services.selection.domain.lottery import commitment_sha256, lottery_seed
from tests.builders.selection import COHORT, a_candidate, a_rule_set, a_run, application_id
from tests.builders.selection_audit import a_bundle, a_run_of_two_rounds, an_adjusted_bundle

ONE, TWO, THREE = (application_id(n) for n in (1, 2, 3))


def _refused(bundle):
    with pytest.raises(Different) as different:
        check(bundle)
    return str(different.value)


def test_bundle_gives_the_run_again():
    run, found = a_run_of_two_rounds(), check(a_bundle())
    assert found.result_sha256 == run.rounds[-1].result_sha256
    assert found.manifest_sha256 == run.manifest_sha256
    assert (found.people, found.rounds) == (6, 2)


def test_there_is_no_bundle_before_the_first_round():
    with pytest.raises(RuleViolation) as refused:
        bundle_of(a_run(a_candidate(1, score=1)), [a_rule_set()])
    assert refused.value.code == "run.not_drawn"


def test_altered_score_is_refused():
    bundle = a_bundle()
    bundle["inputs"][2]["standings"][0]["score_milli"] += 1
    assert _refused(bundle) == f"inputs: the record of {THREE} is not the one in the tree"


def test_removed_person_is_refused():
    bundle = a_bundle()
    del bundle["inputs"][2]
    assert _refused(bundle) == f"inputs: the record of {THREE} is missing"
    del bundle["tree"][THREE]
    assert _refused(bundle) == "inputs: there are 5 records, the manifest counts 6"


def test_added_or_doubled_person_is_refused():
    bundle = a_bundle()
    bundle["inputs"].append(bundle["inputs"][0] | {"id": "stranger"})
    assert _refused(bundle) == "inputs: the record of stranger does not belong there"
    bundle = a_bundle()
    bundle["inputs"].append(bundle["inputs"][0])
    assert _refused(bundle) == "inputs: somebody has two records"


def test_other_seed_is_refused():
    bundle = a_bundle()
    bundle["manifest"]["lottery"]["seed"] = "0" * 64
    assert _refused(bundle).startswith("lottery: the seed does not follow")
    bundle = a_bundle()
    bundle["manifest"]["lottery"]["public_value"] = "1 2 3"
    assert _refused(bundle).startswith("lottery: the seed does not follow")
    bundle = a_bundle()
    bundle["manifest"]["lottery"]["secret"] = "another"
    assert _refused(bundle).startswith("lottery: the secret is not the one that was bound")


def test_other_lottery_is_refused_even_where_its_hashes_fit():
    bundle = a_bundle()
    lottery = bundle["manifest"]["lottery"]
    lottery["secret"] = "another"
    lottery["commitment_sha256"] = commitment_sha256("another")
    pool = bundle["manifest"]["pool_sha256"]
    lottery["seed"] = lottery_seed("another", lottery["public_value"], pool).hex()
    assert _refused(bundle) == f"lottery: the number of {ONE} does not follow from the seed"


def test_altered_lottery_number_or_pool_is_refused():
    bundle = a_bundle()
    bundle["lottery"][TWO] = "0" * 64
    assert _refused(bundle) == f"lottery: the number of {TWO} does not follow from the seed"
    bundle = a_bundle()
    bundle["manifest"]["pool_sha256"] = "0" * 64
    assert _refused(bundle) == "lottery: the pool is not the people of the records"


def test_altered_result_is_refused():
    bundle = a_bundle()
    assert bundle["assignment"][TWO] == COHORT
    bundle["assignment"][TWO] = None
    assert _refused(bundle) == (
        f"round 2: {TWO} has no place in the bundle, the plain engine gives a place at {COHORT}"
    )
    bundle = a_bundle()
    bundle["manifest"]["rounds"][0]["result_sha256"] = "0" * 64
    assert _refused(bundle).startswith("round 1: the plain engine's result has the hash ")


def test_altered_rule_set_is_refused():
    bundle = a_bundle()
    bundle["rule_sets"][COHORT]["quotas"]["seats"] = 3
    sentence = f"rule sets: the one of cohort {COHORT} is not the one the manifest names"
    assert _refused(bundle) == sentence
    del bundle["rule_sets"][COHORT]
    assert _refused(bundle) == f"rule sets: the one of cohort {COHORT} is missing"


def test_other_rules_are_refused_even_where_their_hash_fits():
    bundle = a_bundle()
    bundle["rule_sets"][COHORT]["quotas"]["seats"] = 3
    bundle["manifest"]["rulesets"][COHORT] = sha256_of(bundle["rule_sets"][COHORT])
    assert _refused(bundle).startswith("round 1: ")
    bundle["rule_sets"][COHORT]["quotas"]["seats"] = -3
    bundle["manifest"]["rulesets"][COHORT] = sha256_of(bundle["rule_sets"][COHORT])
    assert "is no rule set" in _refused(bundle)


def test_better_score_is_refused_even_where_the_tree_fits():
    bundle = a_bundle()
    loser = next(a for a, c in bundle["assignment"].items() if c is None)
    record = next(one for one in bundle["inputs"] if one["id"] == loser)
    record["scores"] |= {"review_milli": 99_999, "interview_milli": 99_999}
    record["standings"][0]["score_milli"] = 99_999
    bundle["tree"][loser] = leaf_hash(record)
    assert _refused(bundle) == "inputs: the root of the tree is not the one in the manifest"
    leaves = [bundle["tree"][one] for one in sorted(bundle["tree"])]
    bundle["manifest"]["inputs"]["merkle_root"] = root_hash(leaves)
    assert _refused(bundle).startswith("round 1: the plain engine's result has the hash ")


def test_altered_answers_are_refused():
    bundle = a_bundle()
    bundle["rounds"][1]["gone"] = []
    assert _refused(bundle).startswith("round 2: ")
    bundle = a_bundle()
    del bundle["rounds"][1]
    assert _refused(bundle) == "rounds: they are not the ones the manifest counts"


def _refit(bundle):
    """Make trees and roots fit what the bundle says, as somebody who forges it would."""
    bundle["tree"] = {record["id"]: leaf_hash(record) for record in bundle["inputs"]}
    sheets = bundle["sheets"][COHORT]
    sheets["tree"] = {record["id"]: leaf_hash(record) for record in sheets["records"]}
    for tree, named in (
        (bundle["tree"], bundle["manifest"]["inputs"]),
        (sheets["tree"], bundle["manifest"]["sheets"][COHORT]),
    ):
        named["merkle_root"] = root_hash([tree[one] for one in sorted(tree)])


def test_final_score_that_does_not_follow_is_refused():
    bundle = a_bundle()
    record = bundle["inputs"][0]
    record["standings"][0]["score_milli"] += 1
    bundle["tree"][ONE] = leaf_hash(record)
    leaves = [bundle["tree"][one] for one in sorted(bundle["tree"])]
    bundle["manifest"]["inputs"]["merkle_root"] = root_hash(leaves)
    assert _refused(bundle) == (
        f"inputs: the score of {ONE} at cohort {COHORT} is 80001, reviews and interview give 80000"
    )


def test_adjusted_run_is_decided_again():
    bundle = an_adjusted_bundle()
    scores = [record["scores"] for record in bundle["inputs"]]
    assert all(one["adjusted_milli"] != one["review_milli"] for one in scores)
    assert check(bundle).people == 6


def test_altered_sheet_is_refused_by_name():
    bundle = an_adjusted_bundle()
    bundle["sheets"][COHORT]["records"][1]["milli"]["r2"] += 1
    assert _refused(bundle) == (
        f"sheets of cohort {COHORT}: those of {TWO} are not the ones in the tree"
    )


def test_sheets_that_are_removed_doubled_or_another_cohort_s_are_refused():
    bundle = an_adjusted_bundle()
    del bundle["sheets"][COHORT]["records"][1]
    assert _refused(bundle) == f"sheets of cohort {COHORT}: those of {TWO} is missing"
    del bundle["sheets"][COHORT]["tree"][TWO]
    assert "there are 5 applications, the manifest counts 6" in _refused(bundle)
    bundle = an_adjusted_bundle()
    bundle["sheets"][COHORT]["records"].append(bundle["sheets"][COHORT]["records"][0])
    assert "an application is there twice" in _refused(bundle)
    bundle = an_adjusted_bundle()
    del bundle["sheets"][COHORT]
    assert _refused(bundle) == f"sheets: those of cohort {COHORT} is missing"


def test_altered_severity_is_refused_even_where_every_score_fits():
    bundle = an_adjusted_bundle()
    severity = bundle["sheets"][COHORT]["severity_milli"]
    severity["r3"] -= 1_000
    assert f"the severity of r3 is {severity['r3']} in the bundle, the sheets give " in _refused(
        bundle
    )


def test_altered_sheet_shifts_the_severities_even_where_the_trees_fit():
    bundle = an_adjusted_bundle()
    bundle["sheets"][COHORT]["records"][0]["milli"]["r1"] += 5_000
    _refit(bundle)
    assert _refused(bundle).startswith(f"sheets of cohort {COHORT}: the severity of r1 is ")


@pytest.mark.parametrize("name", ["review_milli", "adjusted_milli"])
def test_review_score_that_does_not_follow_from_the_sheets_is_refused(name):
    bundle = an_adjusted_bundle()
    bundle["inputs"][2]["scores"][name] += 1
    _refit(bundle)
    assert _refused(bundle).startswith(f"inputs: {name} of {THREE} is ")


def test_adjusted_score_without_sheets_is_refused():
    bundle = a_bundle()
    bundle["inputs"][0]["scores"]["adjusted_milli"] = 80_000
    bundle["tree"][ONE] = leaf_hash(bundle["inputs"][0])
    leaves = [bundle["tree"][one] for one in sorted(bundle["tree"])]
    bundle["manifest"]["inputs"]["merkle_root"] = root_hash(leaves)
    assert _refused(bundle) == f"inputs: {ONE} has an adjusted score and no sheets"


def test_raw_ranking_under_adjusted_rules_is_refused():
    bundle = an_adjusted_bundle()
    bundle["rule_sets"][COHORT]["score"]["review_score"] = "raw"
    bundle["manifest"]["rulesets"][COHORT] = sha256_of(bundle["rule_sets"][COHORT])
    assert _refused(bundle).startswith(f"inputs: the score of {ONE} at cohort {COHORT} is ")


@pytest.mark.parametrize(
    ("part", "alter"),
    [
        ("manifest", lambda part: part.update(run_id="another")),
        ("manifest", lambda part: part["lottery"].update(public_value_name="another")),
        ("manifest", lambda part: part["rounds"][0].update(cause="another")),
        ("rule_sets", None),
        ("rounds", lambda part: part[1]["gone"].append("stranger")),
        ("rounds", lambda part: part[0]["closed_cohorts"].append("elsewhere")),
        ("inputs", lambda part: part.reverse()),
    ],
)
def test_what_decides_nothing_is_sealed(part, alter):
    bundle = a_bundle()
    if alter is None:
        bundle["seal"][part] = "0" * 64
    else:
        alter(bundle[part])
    assert _refused(bundle) == f"{part}: it is not the one the seal was put on"
