from collections import Counter

import pytest

from documents import SPEC, table_between
from errors_table import rows
from imagechat.model.errors import REGISTRY, ErrorKind


def test_every_error_is_in_the_wires_document_with_its_status_and_meaning() -> None:
    assert table_between(SPEC, "errors") == [list(row) for row in rows()]


def test_every_code_is_there_once_and_is_words() -> None:
    assert Counter(kind.code for kind in REGISTRY).most_common(1)[0][1] == 1
    for kind in REGISTRY:
        assert kind.code.replace("-", "").isalpha()
        assert kind.code.islower()


@pytest.mark.parametrize("kind", REGISTRY, ids=lambda kind: kind.code)
def test_an_error_has_an_http_status_of_errors(kind: ErrorKind) -> None:
    assert 400 <= kind.status <= 599
    assert kind.when


def test_every_kind_that_is_defined_is_in_the_registry() -> None:
    from imagechat.model import errors  # noqa: PLC0415 -- its names are what is tested

    assert {value for value in vars(errors).values() if isinstance(value, ErrorKind)} == set(REGISTRY)
