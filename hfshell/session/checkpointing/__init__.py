"""Checkpoints of batches: which lines were done, of what, and to what end, so that a killed batch goes on.

- file: where all is written down: only added to, locked, each record with its checksum
- header: what a batch is: its script, its parameters, where it runs
- fingerprints: what tells a file, or a folder, from any other
- state: what a line changed in the session, and how that is put back
- batch: the batch that runs: which lines are passed over, which are run
- line: what is known of one line that runs: its run directory, what it makes
- targets: files that lines redirect to
- rows: predictions of a line that was cut off
"""

from hfshell.session.checkpointing.batch import Batch
from hfshell.session.checkpointing.line import LineProgress

__all__ = ["Batch", "LineProgress"]
