"""Statements of the write path: their text is made once, and their parameters are plain tuples.

A group of 64 commands has thousands of parameters; what SQLAlchemy does for each of them, on every execution, cost as
much as the database's own work.
"""

from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Dialect, Table, bindparam, insert, literal, update
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType

from imagechat.store.rows import Values


class _OneOf(FunctionElement[Any]):
    inherit_cache = True
    name = "one_of"
    type = NullType()  # of Boolean it would be written `… = 1`, and no index would be used


@compiles(_OneOf)
def _one_of(element: _OneOf, compiler: SQLCompiler, **more: Any) -> str:
    column, values = (compiler.process(part, **more) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 -- of compiled parts


@compiles(_OneOf, "postgresql")
def _one_of_postgresql(element: _OneOf, compiler: SQLCompiler, **more: Any) -> str:
    column, values = (compiler.process(part, **more) for part in element.clauses)
    return f"{column} IN (SELECT jsonb_array_elements_text(CAST({values} AS jsonb)))"


def one_of(column: ColumnElement[str], values: Collection[str]) -> ColumnElement[bool]:
    """Return a condition that finds any of some texts by the column's index, as one parameter: a JSON array."""
    return _OneOf(column, literal(msgspec.json.encode(sorted(values)).decode()))


def insert_rows(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    """Insert rows that all give the same columns."""
    if rows:
        text, pick = _inserting(table, tuple(rows[0]), connection.dialect)
        connection.exec_driver_sql(text, [pick(row) for row in rows])


def update_rows(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    """Give rows, by their `id`, all their other columns anew."""
    if rows:
        text, pick = _updating(table, tuple(rows[0]), connection.dialect)
        connection.exec_driver_sql(text, [pick(row) for row in rows])


Statement = tuple[str, Callable[[Values], tuple[Any, ...]]]


@lru_cache
def _inserting(table: Table, columns: tuple[str, ...], dialect: Dialect) -> Statement:
    return _compiled(insert(table).values({name: bindparam(name) for name in columns}), dialect)


@lru_cache
def _updating(table: Table, columns: tuple[str, ...], dialect: Dialect) -> Statement:
    changed: dict[str, Any] = {name: bindparam(name) for name in columns if name != "id"}
    return _compiled(update(table).where(table.c.id == bindparam("id")).values(changed), dialect)


def _compiled(statement: Any, dialect: Dialect) -> Statement:
    compiled = statement.compile(dialect=dialect)
    return str(compiled), itemgetter(*compiled.positiontup)
