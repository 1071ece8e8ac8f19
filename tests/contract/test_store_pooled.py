"""PostgreSQL by way of pgbouncer in transaction mode: fewer connections than clients, and nothing kept on one."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from functools import partial

import pytest
from deploy.local.postgres import PostgresServer
from sqlalchemy import text

from imagechat.model.person import Person
from imagechat.store.migrate import NEWEST
from imagechat.store.people import read_person, vouch
from imagechat.store.postgres import Postgres
from imagechat.store.read_rooms import CommentQuery, LogQuery
from making import (
    ANN,
    BEN,
    PICTURE_ROOM,
    TENANT,
    create_comment,
    create_marker,
    delete_comment,
    edit_comment,
    update_marker,
    words,
)
from pooling import SERVER_CONNECTIONS, Bouncer
from side_by_side import Nodes, side_by_side
from storing import PostgresBackend, code_of
from visiting import fresh


@pytest.fixture(scope="module")
def bouncer(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bouncer]:
    with Bouncer(tmp_path_factory.mktemp("pgbouncer"), postgres) as bouncer:
        yield bouncer


@pytest.fixture
def pooled(postgres: PostgresServer, bouncer: Bouncer) -> Iterator[PostgresBackend]:
    made = PostgresBackend(postgres, fresh("pooled"))
    yield made.through(bouncer.port, pooled=True)
    made.drop()


@pytest.fixture
async def nodes(pooled: PostgresBackend) -> AsyncIterator[Nodes]:
    async with side_by_side(pooled) as nodes:
        yield nodes


async def test_SEQ1_IDEM1_many_clients_share_few_connections(nodes: Nodes) -> None:
    same = [(ANN, create_marker(f"w{number}", broadcast_id=f"same-{number}")) for number in range(10)]
    own = [[(BEN, create_marker(f"own-{node}-{number}")) for number in range(20)] for node in range(3)]
    looking = asyncio.gather(*(store.snapshot() for store in nodes.stores for _ in range(8)))
    outcomes = await nodes.do_all(*(same + each for each in own))
    await looking
    assert {code_of(outcome) for each in outcomes for outcome in each} == {None}
    assert len(await nodes.check()) == 70


async def test_every_kind_of_command_and_question_works(nodes: Nodes) -> None:
    one, other, _ = nodes.stores
    await one.do(ANN, create_marker(comment=words(comment_id="first")))
    await asyncio.gather(*(store.do(BEN, create_comment()) for store in nodes.stores))
    await other.do(BEN, create_comment(comment=words(comment_id="reply", parent_id="first")))
    await one.do(BEN, edit_comment("reply"))
    await other.do(ANN, update_marker(x=1.0))
    await one.do(ANN, delete_comment("first"))
    page = await other.comments(query=CommentQuery(offset=1, limit=2, newest_first=True))
    assert page is not None
    assert len(page.comments) == 2
    assert [event.seq for event in (await one.log(PICTURE_ROOM, LogQuery(limit=3, after=2))).events] == [3, 4, 5]
    await nodes.check()
    people = [Person(id=f"p{number}", name="A Name") for number in range(20)]
    await asyncio.gather(
        *(
            store.database.write(partial(vouch, tenant_id=TENANT, person=person, at=1, now=1), locking=locking)
            for store, locking in zip(nodes.stores, (True, False, True), strict=True)
            for person in people
        )
    )
    for person in people:
        found = await other.database.read(partial(read_person, tenant_id=TENANT, user_id=person.id))
        assert found is not None


async def test_nothing_is_kept_on_a_connection(nodes: Nodes, postgres: PostgresServer, pooled: PostgresBackend) -> None:
    await nodes.do_all(*([(ANN, create_marker(f"w{node}"))] for node in range(3)))
    name = pooled.url.rpartition("/")[2]
    count = postgres.run(f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'")  # noqa: S608 -- its own name
    assert 0 < int(count) <= SERVER_CONNECTIONS
    with closing(pooled.link()) as link:
        assert (
            link.read(lambda connection: connection.execute(text("SELECT name FROM pg_prepared_statements")).all())
            == []
        )
        shown = link.read(lambda connection: connection.execute(text("SHOW statement_timeout")).scalar_one())
        assert shown == "0"


def test_a_database_is_migrated_by_way_of_it(postgres: PostgresServer, bouncer: Bouncer) -> None:
    name = fresh("pooled-empty")
    url = postgres.create_database(name).replace(f":{postgres.port}/", f":{bouncer.port}/")
    try:
        with closing(Postgres(url, pooled=True).open(migrating=True)) as link:
            assert link.migrated == (None, NEWEST)
            assert link.scrub()
    finally:
        postgres.drop_database(name)
