"""Three nodes with load spread over them: every viewer on each of them gets everything, once and in order."""

from clustered import Cluster
from exactness import all_is_exact
from live_clients import new_picture
from loading import ROUNDS, Load


async def test_SEQ1_SEQ2_RES1_IDEM1_load_over_three_nodes_is_the_same_for_every_viewer_on_each(
    cluster: Cluster,
) -> None:
    quiet, hot, other = (new_picture() for _ in range(3))
    async with (
        cluster.nodes.viewers([quiet, hot, other]) as viewers,
        Load(cluster.nodes.client, [quiet, hot, hot, hot, other]) as load,
    ):
        await load.goes_on(300 * ROUNDS)
        await load.end()
        await all_is_exact(cluster.nodes.nodes, load, viewers)
        assert all(viewer.connected == 1 for viewer in viewers)
