"""Who should meet: texts and topics in German, English and Chinese, reciprocal scores, a fair choice, reasons.

>>> from kontor_engines.matching import Profile, compile_lexicon, prepare, rank
"""

from kontor_engines.matching._analysis import analyse
from kontor_engines.matching._balance import balance
from kontor_engines.matching._index import Prepared, prepare
from kontor_engines.matching._lexicon import LEXICON_FORMAT, Lexicon, WordLists, compile_lexicon, load_lexicon
from kontor_engines.matching._rank import rank
from kontor_engines.matching._text import LANGUAGES, detect_language, stems
from kontor_engines.matching._types import (
    Analysis,
    ConceptLike,
    Match,
    Mention,
    Mode,
    Profile,
    Query,
    Ranking,
    Reason,
)

__all__ = [
    "LANGUAGES",
    "LEXICON_FORMAT",
    "Analysis",
    "ConceptLike",
    "Lexicon",
    "Match",
    "Mention",
    "Mode",
    "Prepared",
    "Profile",
    "Query",
    "Ranking",
    "Reason",
    "WordLists",
    "analyse",
    "balance",
    "compile_lexicon",
    "detect_language",
    "load_lexicon",
    "prepare",
    "rank",
    "stems",
]
