"""Compile the vocabulary into the one file from which every process loads it: `python -m kontor.topics.compile`."""

import sys

from kontor.topics.analysis import compile_vocabulary, compiled_file, store_compiled, topics_folder
from kontor.topics.vocabulary import read_vocabulary


def main() -> int:
    """Write the compiled file beside older ones, which are removed."""
    target = compiled_file()
    if target.exists():  # named by what it was made from
        return 0
    vocabulary, faults = read_vocabulary(topics_folder())
    for fault in faults:
        print(fault, file=sys.stderr)
    store_compiled(compile_vocabulary(vocabulary), target)
    print(f"{len(vocabulary)} concepts compiled to {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
