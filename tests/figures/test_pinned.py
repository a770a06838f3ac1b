"""What perf/count says of its counts."""
from perf.instructions import pinned


def test_a_case_with_more_around_it_is_held_against_the_one_without():
    dear = pinned.dearer({"gateway encap": 500, "gateway encap +1000 pinholes": 516})
    assert dear == ["gateway encap +1000 pinholes: 516 instructions a packet, 500 without; "
                    "what does not touch a packet may cost it 3%"]


def test_what_more_of_it_costs_within_three_percent_is_nothing():
    assert pinned.dearer({"gateway encap": 500, "gateway encap +1000 pinholes": 515}) == []


def test_cases_with_more_around_them_are_not_pinned():
    assert pinned.plain({"gateway encap": 500, "gateway encap +1000 pinholes": 501}) == {"gateway encap": 500}
