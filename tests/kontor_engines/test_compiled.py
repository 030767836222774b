"""Tables of arrays become tables of pointers for the compiled steps of an engine."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kontor_engines._compiled import REAL, WHOLE, entry_point, part, pointers, step, tables


class Goods(NamedTuple):
    counts: NDArray[np.int32]
    prices: NDArray[np.float64]


GOODS, GOODS_AT = tables(Goods)


@step(REAL, GOODS_AT, WHOLE)
def cost_from(goods, first):  # type: ignore[no-untyped-def]
    counts, prices = part(goods.counts, first), part(goods.prices, first)
    return counts[0] * prices[0]


@entry_point(REAL, GOODS, WHOLE)
def cost(goods, first):  # type: ignore[no-untyped-def]
    return cost_from(pointers(goods), first)


def test_a_step_reads_the_arrays_of_a_table_by_their_names() -> None:
    goods = Goods(np.array([2, 3], dtype=np.int32), np.array([0.5, 0.25]))
    assert [cost(goods, 0), cost(goods, 1)] == [1.0, 0.75]
