"""What may happen on the site: one file a story, all with the same contract (`story`)."""

from typing import Final

from cordon.lab.stories.camera_taken import CameraTaken
from cordon.lab.stories.quiet import Quiet
from cordon.lab.stories.story import Story

STORIES: Final[dict[str, Story]] = {story.name: story for story in (CameraTaken(), Quiet())}
"""By name."""
