"""What a measure is."""


class Measure:
    """One figure of each party. `run` is timed, in milliseconds of wall time, unless it returns a value of its own.

    `goal` is (comparison, factor, peer): at most or at least so many times the peer's median; peer None means an absolute value.
    """

    name = "?"
    title = "?"
    unit = "ms"
    rounds = 5
    warm = 1
    goal = None

    def fits(self, party):
        return party.engine

    def setup(self, party):
        """Once, before the first round."""

    def before(self, party):
        """Before each round, not timed."""

    def run(self, party):
        raise NotImplementedError

    def teardown(self, party):
        """Once, after the last round."""

    def goal_text(self):
        if not self.goal:
            return ""
        comparison, factor, peer = self.goal
        return f"{comparison} {factor:g}× {peer}" if peer else f"{comparison} {factor:g} {self.unit}"
