"""An ordinary day: nothing happens that anybody should be told of."""

from cordon.lab.lan import Lan
from cordon.lab.stories.everyday import allowed_findings
from cordon.lab.stories.story import Plot


class Quiet:
    """No attack."""

    name = "quiet"
    lead = 0
    length = 0

    def tell(self, lan: Lan, begin: int) -> Plot:  # noqa: ARG002 - the contract has it
        return Plot(allowed=allowed_findings(lan))
