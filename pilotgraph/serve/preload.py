"""What the fork server imports, so that a new worker is ready as soon as its store is open.

Nothing else imports this module, since what it does at import is its purpose: all workers share it by the fork.
"""

import pyoxigraph
import xlsxwriter

from pilotgraph import answers, load, proof
from pilotgraph.serve import evaluate, guard, memory, named, worker

__all__ = ["answers", "evaluate", "guard", "load", "memory", "named", "proof", "pyoxigraph", "worker", "xlsxwriter"]

# The second parser sets itself up when it is first asked.
guard.check("ASK { ?service ?p ?o }")
named.pages()
memory.share()
