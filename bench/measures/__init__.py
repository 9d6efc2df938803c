"""All measures, in the order in which they run."""
from measures import build, footprint, image, network, registry, start

ALL = [kind() for module in (start, image, build, registry, network, footprint) for kind in module.MEASURES]
