"""What has no end is saved on its way."""

from pathlib import Path

from packets_by_hand import PACKETS, written

from cordon.config import Config
from cordon.feed import Checkpoint, feed
from cordon.model.tables import STEP
from cordon.pipeline import Pipeline
from cordon.sources import CaptureSource
from cordon.store import Store


def test_at_each_checkpoint_the_states_and_the_account_are_kept(tmp_path: Path) -> None:
    with Store.open(tmp_path / "state", write=True, what="a test") as store:
        config = Config()
        kept: list[tuple[int, bool]] = []

        def after() -> None:
            (source,) = store.sources()
            kept.append((source.packets, any(store.stages.iterdir())))

        source = CaptureSource(
            [written(tmp_path / "office.pcap")], site=config.site, window=STEP, secret_key=store.secret_key
        )
        pipeline = Pipeline(config.site, config, store.secret_key, store.stages)
        feed(source, pipeline, store, name="interface", checkpoint=Checkpoint(STEP, after))
        (account,) = store.sources()
    assert kept == [(len(PACKETS), True)] * 3  # a step, a long silence told as one window, and a step again
    assert account.packets == len(PACKETS)
