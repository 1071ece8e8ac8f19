"""What one of everything costs in tests of the capacity model: round numbers, about as they are."""

from bench.scaling.units import Units

UNITS = Units(
    flush_us=5,
    event_us=0.05,
    create_us=400,
    create_alone_us=1_200,
    create_sqlite_us=300,
    handshake_us=500,
    handshake_tls_us=1_500,
    resume_us=450,
    connection_kb=4,
    connection_tls_kb=28,
    node_mb=90,
    bus_message_us=80,
    bus_messages=2,
    bus_bytes=900,
    presence_user_us=0.2,
    presence_user_bytes=40,
    transaction_ms=5,
    transaction_each_ms=0.5,
    sqlite_bytes=1_800,
    postgres_bytes=2_400,
    log_bytes=1_600,
    wal_bytes=2_900,
    wal_alone_bytes=3_000,
    postgres_us=200,
    postgres_alone_us=1_000,
    nats_message_us=1,
    nats_subscription_kb=0.5,
)
