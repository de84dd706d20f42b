"""Each task on a real set: what `eval` says beside what others compute from the predictions.

A case is a script that `hfshell` runs, and an oracle. The oracle reads the right answers from the files with
plain csv and json code, the predictions from the file that the script wrote, and computes the metrics with
the libraries of the field, or from their definitions. Both must be equal to four digits.

Run it with `python -m benchmarks.tasks --data FOLDER`. The sets are not part of this repository.
"""
