"""Statements of the write path: their text is made once, and their parameters are plain tuples.

What SQLAlchemy does to build a statement, to find its text and to process its parameters took as long, for a group of
commands, as the database's own work.
"""

from collections.abc import Collection, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    Dialect,
    Executable,
    Select,
    Table,
    Text,
    bindparam,
    insert,
    update,
)
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
    # an array that is made once: of a subselect beside an OR, PostgreSQL makes a filter of every row of the table
    return f"{column} = ANY (ARRAY(SELECT jsonb_array_elements_text(CAST({values} AS jsonb))))"


def one_of(column: ColumnElement[str], parameter: str) -> ColumnElement[bool]:
    """Return a condition that finds any of some texts by the column's index; they are one parameter (see `texts`)."""
    return _OneOf(column, bindparam(parameter, type_=Text()))


def texts(values: Collection[str]) -> str:
    """Return texts as the parameter of `one_of`: a JSON array."""
    return msgspec.json.encode(sorted(values)).decode()


def find(connection: Connection, statement: Select[Any], **parameters: str) -> CursorResult[Any]:
    """Carry a select out that is made once, at the top of a file; numbers come as the driver gives them."""
    text, names = _compiled(statement, connection.dialect)
    return connection.exec_driver_sql(text, tuple(parameters[name] for name in names))


def insert_rows(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    """Insert rows that all give the same columns."""
    if rows:
        _write(connection, _inserting(table, tuple(rows[0])), rows)


def update_rows(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    """Give rows, by their `id`, all their other columns anew."""
    if rows:
        _write(connection, _updating(table, tuple(rows[0])), rows)


def _write(connection: Connection, statement: Executable, rows: Sequence[Values]) -> None:
    text, names = _compiled(statement, connection.dialect)
    pick = itemgetter(*names)
    connection.exec_driver_sql(text, [pick(row) for row in rows])


@lru_cache
def _inserting(table: Table, columns: tuple[str, ...]) -> Executable:
    return insert(table).values({name: bindparam(name) for name in columns})


@lru_cache
def _updating(table: Table, columns: tuple[str, ...]) -> Executable:
    changed: dict[str, Any] = {name: bindparam(name) for name in columns if name != "id"}
    return update(table).where(table.c.id == bindparam("id")).values(changed)


@lru_cache
def _compiled(statement: Any, dialect: Dialect) -> tuple[str, tuple[str, ...]]:
    compiled = statement.compile(dialect=dialect)
    return str(compiled), tuple(compiled.positiontup or ())
