"""How long something waits for its turn. Pure; seconds, or any other unit of time that rates are given in."""

from math import exp, inf, log

BUSY = 1.0


def md1_wait(rate: float, service: float, part: float = 0.99) -> float:
    """Return the wait that a part of all has at most, where each is served alone and takes the same time (M/D/1).

    Waits in the tail fall off exponentially, with the decay that solves `rate (e^(decay service) - 1) = decay`;
    infinite where more comes than can be served.
    """
    load = rate * service
    if load >= BUSY:
        return inf
    if 1 - load >= part:
        return 0.0
    decay = _decay(load)
    beginning = (1 - load) / (load * exp(decay) - 1)
    return max(0.0, service * log(beginning / (1 - part)) / decay)


def mg1_mean_wait(rate: float, mean: float, mean_square: float) -> float:
    """Return the mean wait where services take times of this mean and mean square (Pollaczek and Khinchine)."""
    load = rate * mean
    return inf if load >= BUSY else rate * mean_square / (2 * (1 - load))


def mg1_wait(rate: float, mean: float, mean_square: float, part: float = 0.99) -> float:
    """Return the wait that a part of all has at most, about: those who wait at all wait exponentially long."""
    load = rate * mean
    if load >= BUSY:
        return inf
    if 1 - load >= part:
        return 0.0
    return mg1_mean_wait(rate, mean, mean_square) / load * log(load / (1 - part))


def _decay(load: float) -> float:
    """Return the decay for a service of one unit of time, by bisection."""
    low, high = 0.0, 2.0
    while load * (exp(high) - 1) < high:
        high *= 2
    low = high / 2**60
    for _ in range(200):
        middle = (low + high) / 2
        if load * (exp(middle) - 1) < middle:
            low = middle
        else:
            high = middle
    return high
