"""What may happen on the site: all stories keep the same contract (`story`)."""

from typing import Final

from cordon.lab.stories.benign import BENIGN
from cordon.lab.stories.camera_taken import CameraTaken
from cordon.lab.stories.quiet import Quiet
from cordon.lab.stories.single import SINGLES
from cordon.lab.stories.story import Story

_ALL: Final[tuple[Story, ...]] = (CameraTaken(), Quiet(), *SINGLES, *BENIGN)

STORIES: Final[dict[str, Story]] = {story.name: story for story in _ALL}
"""By name."""
