"""The lab itself: two of one prefix would take each other's namespaces away."""
import os

import pytest

from tests.lab.netns import Lab, LabInUse

PREFIX = "g41lk"


def exists(lab, role):
    return f"{lab.prefix}-{role}" in os.listdir("/run/netns")


def test_a_second_lab_of_a_prefix_is_refused_with_its_holder_and_the_first_stays(tmp_path):
    with Lab(tmp_path, PREFIX) as first:
        first.namespace("one")
        with pytest.raises(LabInUse, match=f"a lab {PREFIX} is running already, in process {os.getpid()}: "):
            Lab(tmp_path, PREFIX)
        assert exists(first, "one")


def test_a_lab_that_has_closed_leaves_its_prefix_to_the_next(tmp_path):
    Lab(tmp_path, PREFIX).close()
    with Lab(tmp_path, PREFIX) as second:
        second.namespace("one")
        assert exists(second, "one")
