"""docs/scaling.md shows what the program prints of the units that were measured."""

from dataclasses import replace
from pathlib import Path

import pytest
from bench.scaling.__main__ import main
from bench.scaling.demand import usual
from bench.scaling.document import DOCUMENT, VIEWERS, digits, unit_table, written
from bench.scaling.model import Limit, answer
from bench.scaling.units import load_about, load_units, save_units
from bench.scaling.words import line, size, told, used
from bench.unit_costs import line as line_through
from click.testing import CliRunner

from documents import table_between
from example_units import UNITS


def test_every_table_of_the_page_is_what_the_program_prints() -> None:
    text = DOCUMENT.read_text("utf-8")
    assert written(text, load_units(), load_about()) == text


def test_the_page_has_a_row_for_each_number_of_viewers() -> None:
    rows = table_between(DOCUMENT, "answers")
    assert rows == [line(answer(usual(viewers), load_units())) for viewers in VIEWERS]


def test_the_command_says_what_the_model_reckons() -> None:
    ran = CliRunner().invoke(main, ["--viewers", "2000", "--events", "5", "--regions", "2", "--not-simulated"])
    assert ran.exit_code == 0
    assert ran.output.strip() == told(answer(replace(usual(2_000, 5), regions=2), load_units()))


def test_a_page_without_a_place_is_refused() -> None:
    with pytest.raises(ValueError, match="no place for answers"):
        written("nothing", UNITS, {})


@pytest.mark.parametrize(("busy", "provisional"), [(None, False), (3.21, True)])
def test_figures_of_a_busy_machine_are_called_provisional(busy: float | None, provisional: object) -> None:
    said = unit_table(UNITS, {"date": "2030-01-02", "cores": 2, "cpu": "a processor", "busy": busy})
    assert ("**Provisional: something else was running, the load average was 3.2.**" in said) is provisional


def test_units_that_are_saved_are_read_again_with_three_digits(tmp_path: Path) -> None:
    save_units(UNITS, {"busy": None}, tmp_path / "units.json")
    assert load_units(tmp_path / "units.json") == UNITS


@pytest.mark.parametrize(("number", "text"), [(0.03621, "0.0362"), (4.26, "4.26"), (5_104.4, "5,104"), (0, "0")])
def test_numbers_have_three_digits_at_least(number: float, text: str) -> None:
    assert digits(number) == text


@pytest.mark.parametrize(("number", "text"), [(0, "0 B"), (999, "999 B"), (1_500, "1.5 kB"), (2e15, "2,000 TB")])
def test_sizes_are_told_in_units_of_a_thousand(number: float, text: str) -> None:
    assert size(number) == text


@pytest.mark.parametrize(("part", "text"), [(0.071, "7 %"), (8, "800 %"), (12, "over 1000 %")])
def test_a_limit_that_is_passed_by_far_is_not_told_exactly(part: float, text: str) -> None:
    assert used(Limit("something", part, "another")) == text


def test_a_line_goes_through_its_points() -> None:
    assert list(line_through([(1, 5.05), (10, 5.5), (60, 8)])) == pytest.approx([0.05, 5])
    assert line_through([(2, 3), (2, 5)]) == (0, 4)
