import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagechat.model.geometry import checked_place
from imagechat.model.wire import Region
from making import refused_with

NOT_ON_THE_PICTURE = [float("nan"), float("inf"), float("-inf"), -0.0001, 100.0001, -1e308, 1e308]


@pytest.mark.parametrize("value", [0.0, -0.0, 100.0, 50.0, 1e-300, 99.99999999999999])
def test_the_edges_are_on_the_picture(value: float) -> None:
    checked_place(value, value)


@pytest.mark.parametrize("value", NOT_ON_THE_PICTURE)
def test_a_point_beside_the_picture_is_refused(value: float) -> None:
    assert refused_with(lambda: checked_place(value, 50.0)) == "invalid-coordinates"
    assert refused_with(lambda: checked_place(50.0, value)) == "invalid-coordinates"


@pytest.mark.parametrize("region", [Region(100.0, 100.0), Region(1e-9, 100.0), Region(50.0, 0.5)])
def test_a_region_may_reach_the_edges(region: Region) -> None:
    checked_place(0.0, 0.0, region)


@pytest.mark.parametrize("size", [*NOT_ON_THE_PICTURE, 0.0, 50.1])
def test_a_region_that_leaves_the_picture_or_has_no_area_is_refused(size: float) -> None:
    assert refused_with(lambda: checked_place(50.0, 50.0, Region(size, 10.0))) == "invalid-coordinates"
    assert refused_with(lambda: checked_place(50.0, 50.0, Region(10.0, size))) == "invalid-coordinates"


@given(st.integers(0, 99_999))
def test_a_region_up_to_the_edge_fits_whatever_its_decimals(thousandths: int) -> None:
    start = thousandths / 1000
    checked_place(start, start, Region((100_000 - thousandths) / 1000, (100_000 - thousandths) / 1000))
