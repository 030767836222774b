"""Check the vocabulary for `make check`: `python -m kontor.topics.validate [FOLDER]` prints every fault with file and line."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from kontor.topics.analysis import compile_vocabulary, topics_folder
from kontor.topics.vocabulary import LANGUAGES, Concept, Fault, Vocabulary, read_vocabulary
from kontor_engines.matching import Lexicon, analyse


def faults_of(folder: Path) -> list[Fault]:
    """Everything that is wrong in the vocabulary files of a folder."""
    vocabulary, faults = read_vocabulary(folder)
    return [*faults, *_lost_labels(vocabulary)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the faults; 1 if there are any."""
    words = sys.argv[1:] if arguments is None else arguments
    folder = Path(words[0]) if words else topics_folder()
    faults = faults_of(folder)
    for fault in faults:
        print(fault)
    vocabulary, _ = read_vocabulary(folder)
    print(f"{len(vocabulary)} concepts in {len(vocabulary.fields())} fields, {len(faults)} faults")
    return 1 if faults else 0


def _lost_labels(vocabulary: Vocabulary) -> Iterator[Fault]:
    """Labels that do not find their own concept when the analysis reads them."""
    lexicon = compile_vocabulary(vocabulary)
    for concept in vocabulary:
        file, line = vocabulary.places[concept.id]
        for language in LANGUAGES:
            for label in concept.labels[language]:
                if not _finds(label, language, concept, lexicon):
                    text = f"{language} label {label!r} of {concept.id!r} does not find its own concept"
                    yield Fault(file=file, line=line, text=text)


def _finds(label: str, language: str, concept: Concept, lexicon: Lexicon) -> bool:
    number = lexicon.index[concept.id]
    mentions = analyse(label, lexicon, language=language).mentions
    return any(
        number == found for mention in mentions for found, sureness in mention.concepts if sureness >= 0.4
    )


if __name__ == "__main__":
    sys.exit(main())
