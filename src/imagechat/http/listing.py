"""Parameters of the calls that list much: what is searched for, and which part is wanted."""

from typing import Annotated

from litestar.params import QueryParameter

_MOST = 2**31

Search = Annotated[str, QueryParameter(max_length=200)]
Skip = Annotated[int, QueryParameter(ge=0, le=_MOST)]
Limit = Annotated[int, QueryParameter(ge=1, le=200)]
