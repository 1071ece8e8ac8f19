"""`python -m bench.scaling`: what so many viewers and changes want, in plain words, and a simulation beside it."""

from dataclasses import replace

import click

from bench.scaling.demand import usual
from bench.scaling.model import answer
from bench.scaling.popularity import EXPONENT
from bench.scaling.simulation import SEED, simulate
from bench.scaling.town import NODES, town
from bench.scaling.units import load_units
from bench.scaling.words import seen, told


@click.command()
@click.option("--viewers", type=click.IntRange(min=1), default=1_000_000, show_default=True)
@click.option(
    "--events", type=click.FloatRange(min=0, min_open=True), help="changes a second; viewers / 100 if left out"
)
@click.option("--rooms", type=click.IntRange(min=1), help="pictures that are looked at; viewers / 10 if left out")
@click.option("--exponent", type=click.FloatRange(0, 2), default=EXPONENT, show_default=True, help="Zipf's")
@click.option("--stay", type=click.FloatRange(1), default=300.0, show_default=True, help="seconds at a picture")
@click.option("--regions", type=click.IntRange(1, 20), default=1, show_default=True)
@click.option("--simulated/--not-simulated", default=True, help="whether ten thousand such nodes are simulated")
@click.option("--seed", type=int, default=SEED, show_default=True, help="of the simulation's chance")
@click.option("--node-tls", is_flag=True, help="nodes do TLS themselves")
def main(  # noqa: PLR0913 -- one for each option
    *,
    viewers: int,
    events: float | None,
    rooms: int | None,
    exponent: float,
    stay: float,
    regions: int,
    simulated: bool,
    seed: int,
    node_tls: bool,
) -> None:
    """Say how many nodes, which NATS and how large a database."""
    demand = usual(viewers, events)
    demand = replace(
        demand, rooms=rooms or demand.rooms, exponent=exponent, stay_s=stay, regions=regions, node_tls=node_tls
    )
    units = load_units()
    found = answer(demand, units)
    print(told(found))
    if simulated:
        there = town(found, units)
        print(f"\n{NODES:,} such nodes, with {there.demand.viewers:,} viewers in {there.demand.rooms:,} rooms:\n")
        print(seen(simulate(there, seed=seed)))


if __name__ == "__main__":
    main()
