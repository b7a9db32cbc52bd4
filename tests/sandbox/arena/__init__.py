"""Where attacks are run: throw-away namespaces with decoys, without protection and with it.

`Attacks` collects attacks, `Arena` runs them. An attack is written as a function, and is
handed in as a submission that holds nothing else. Only the arena's own first process, inside
namespaces that end with it, ever runs one: what an attack can reach there is a decoy.
"""

from arena.attack import Attack, Attacks, Loss, World, call
from arena.client import Arena, Report, Unavailable

__all__ = ["Arena", "Attack", "Attacks", "Loss", "Report", "Unavailable", "World", "call"]
