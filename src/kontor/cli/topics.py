"""`kontor topics`: the vocabulary as SKOS, out for others and in from them, and the words that it lacks."""

import argparse
import os
import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from kontor.cli.match import UnusableFileError, read_profiles
from kontor.cli.site import setup
from kontor.topics.analysis import lexicon, topics_folder
from kontor.topics.merging import changed_files, merge
from kontor.topics.skos import FORMS, UnreadableSkosError, form_of, read_skos, write_skos
from kontor.topics.validate import faults_of
from kontor.topics.vocabulary import Vocabulary, read_vocabulary
from kontor_engines.matching import analyse

ENDINGS = ", ".join(f".{ending} ({form.name})" for ending, form in FORMS.items())


def configure(parser: argparse.ArgumentParser) -> None:
    """Three deeds."""
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="DEED")
    out = deeds.add_parser("export", help="write the vocabulary as SKOS")
    out.add_argument("file", type=Path, help=f"its ending decides the form: {ENDINGS}")
    out.add_argument("--of", metavar="ID", help="only this concept and everything below it")
    out.add_argument(
        "--base",
        metavar="URL",
        default=f"{os.environ.get('KONTOR_ORIGIN', 'http://localhost:8000').rstrip('/')}/topics/",
        help="what the addresses of the concepts begin with (default: %(default)s)",
    )
    into = deeds.add_parser("import", help="show what a SKOS file would change, and take it over if wished")
    into.add_argument("file", type=Path, help=f"SKOS, or accepted proposals: {ENDINGS}")
    into.add_argument(
        "--write", action="store_true", help="change the data files; without it nothing changes"
    )
    missing = deeds.add_parser("missing", help="list words of profiles that the vocabulary does not know")
    missing.add_argument(
        "profiles",
        type=Path,
        nargs="?",
        help="a file as for `kontor match`; without it, everybody on this site",
    )
    missing.add_argument("--top", type=int, default=100, help="how many words (default: %(default)s)")


def run(arguments: argparse.Namespace) -> int:
    """0: done; 1: the result would break the vocabulary and was not written; 2: a file is unusable."""
    try:
        if arguments.deed == "missing":
            return _missing(arguments)
        form = form_of(arguments.file)
        folder = topics_folder()
        vocabulary, _ = read_vocabulary(folder)
        if arguments.deed == "export":
            return _export(vocabulary, arguments, form)
        return _import(vocabulary, folder, arguments, form)
    except (OSError, UnreadableSkosError, UnusableFileError, ValueError) as error:
        print(f"kontor topics: {error}", file=sys.stderr)
        return 2


def _export(vocabulary: Vocabulary, arguments: argparse.Namespace, form: str) -> int:
    chosen = list(vocabulary)
    if arguments.of is not None:
        if arguments.of not in vocabulary:
            msg = f"--of {arguments.of!r} is not in the vocabulary"
            raise ValueError(msg)
        chosen = [vocabulary[arguments.of], *vocabulary.below(arguments.of)]
    base = f"{arguments.base.rstrip('/')}/"
    arguments.file.write_bytes(write_skos(vocabulary, chosen, form=form, base=base))
    print(f"{len(chosen)} concepts written to {arguments.file}")
    return 0


def _import(vocabulary: Vocabulary, folder: Path, arguments: argparse.Namespace, form: str) -> int:
    found = merge(vocabulary, read_skos(arguments.file.read_bytes(), form=form))
    for sentence in found.sentences:
        print(sentence)
    for reason in found.unusable:
        print(f"kontor topics: left out: {reason}", file=sys.stderr)
    if not found.changed:
        print("Nothing to change.")
        return 0
    files = changed_files(folder, vocabulary, found.changed)
    with tempfile.TemporaryDirectory(prefix="kontor-topics-") as temporary:
        trial = Path(temporary)
        for path in folder.glob("*.jsonl"):
            shutil.copy(path, trial)
        for name, content in files.items():
            (trial / name).write_text(content, encoding="utf-8")
        if faults := faults_of(trial):
            print("\n".join(map(str, faults)), file=sys.stderr)
            print("Nothing was written, because the vocabulary would have these faults.", file=sys.stderr)
            return 1
        if not arguments.write:
            print(f"{len(found.changed)} concepts would change; --write changes {', '.join(sorted(files))}.")
            return 0
    for name, content in files.items():
        partial = folder / f"{name}.partial"
        partial.write_text(content, encoding="utf-8")
        partial.replace(folder / name)
    print(f"{len(found.changed)} concepts changed in {', '.join(sorted(files))} of {folder}.")
    return 0


def _missing(arguments: argparse.Namespace) -> int:
    """The authors' queue: in how many texts a word stands, its language, and how it is written most often."""
    texts = _texts_of_file(arguments.profiles) if arguments.profiles else _texts_of_site()
    for num, language, word in missing_words(texts)[: arguments.top]:
        print(f"{num}\t{language}\t{word}")
    return 0


def missing_words(texts: Iterable[tuple[str, str | None]]) -> list[tuple[int, str, str]]:
    """Number of texts, language and word, the most frequent first; names and everyday words are among them."""
    written: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    known = lexicon()
    for text, language in texts:
        found = analyse(text, known, language=language)
        once = {one.word: text[one.start : one.end] for one in found.mentions if one.word}
        for stem, word in once.items():
            written[found.language, stem][word] += 1
    words = [
        (forms.total(), language, forms.most_common(1)[0][0]) for (language, _), forms in written.items()
    ]
    return sorted(words, key=lambda one: (-one[0], one[1:]))


def _texts_of_file(path: Path) -> Iterator[tuple[str, str | None]]:
    for profile in read_profiles(path):
        yield profile.offers, profile.language
        yield profile.seeks, profile.language


def _texts_of_site() -> Iterator[tuple[str, str | None]]:
    setup()
    from kontor.events.models import Participation  # needs the site

    for offers, seeks in Participation.objects.values_list("offers", "seeks").iterator():
        for text in (offers.original_words(), seeks.original_words()):
            yield text.text, text.language
