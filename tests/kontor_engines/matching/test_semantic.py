"""The optional model: what it may move, what it must leave alone, and that real files are loaded."""

import sys
from types import ModuleType

import numpy as np
import pytest

from kontor_engines.matching import Profile, prepare, rank
from kontor_engines.matching.semantic import MOST_SHIFT, Reranker, load_reranker, rerank


@pytest.fixture
def make_model(lexicon, tmp_path):
    """Writes a tiny model2vec model that knows the labels of the small vocabulary in some languages."""
    model2vec = pytest.importorskip("model2vec")
    from tokenizers import Tokenizer, models, pre_tokenizers

    def make(languages):
        rng = np.random.default_rng(0)
        words, rows = {"[UNK]": 0}, [np.zeros(16)]
        for number in range(len(lexicon.ids)):
            vector = rng.normal(size=16)
            for language in languages:
                for word in lexicon.preferred[language][number].lower().split():
                    if word not in words:
                        words[word] = len(words)
                        rows.append(vector)
        tokenizer = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
        tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
        from tokenizers import normalizers

        tokenizer.normalizer = normalizers.Lowercase()
        folder = tmp_path / "-".join(languages)
        model2vec.StaticModel(np.array(rows, dtype=np.float32), tokenizer).save_pretrained(folder)
        return load_reranker(str(folder), lexicon)

    return make


def test_a_model_from_a_folder_reads_the_languages_whose_labels_it_brings_together(make_model):
    assert make_model(["de", "en", "zh"]).languages == {"de", "en", "zh"}


def test_an_english_model_is_refused_for_german_and_chinese(make_model, lexicon, firms):
    english = make_model(["en"])
    assert english.languages == {"en"}
    prepared = prepare(firms, lexicon)
    rankings = rank(prepared)
    moved = rerank(rankings, prepared, english)
    assert [r for r in moved if r.id in "dz"] == [r for r in rankings if r.id in "dz"]


def test_a_folder_of_sentence_transformers_is_loaded_by_that_library(lexicon, monkeypatch, tmp_path):
    class SentenceTransformer:
        def __init__(self, place):
            self.place = place

        def encode(self, sentences):
            return np.eye(len(sentences), dtype=np.float32)

    (tmp_path / "modules.json").write_text('[{"type": "sentence_transformers.models.Transformer"}]')
    library = ModuleType("sentence_transformers")
    library.SentenceTransformer = SentenceTransformer
    monkeypatch.setitem(sys.modules, "sentence_transformers", library)
    loaded = load_reranker(str(tmp_path), lexicon)
    assert loaded.model.place == str(tmp_path)
    assert loaded.languages == {"de", "en", "zh"}


def test_scores_move_by_a_bounded_amount_and_reasons_stay(lexicon):
    class ByLength:
        def encode(self, sentences):
            return np.array([[len(text), 30 - len(text)] for text in sentences], dtype=np.float32)

    profiles = [
        Profile(id=str(place), language="en", offers="software " * place, seeks="copper, LED, software")
        for place in range(1, 6)
    ]
    prepared = prepare(profiles, lexicon)
    rankings = rank(prepared)
    moved = rerank(rankings, prepared, Reranker(model=ByLength(), languages=frozenset(("en",))))
    assert moved != rankings
    for before, after in zip(rankings, moved, strict=True):
        scores = {match.id: match for match in before.matches}
        assert {match.id for match in after.matches} == scores.keys()
        assert [m.score for m in after.matches] == sorted((m.score for m in after.matches), reverse=True)
        for match in after.matches:
            assert abs(match.score - scores[match.id].score) <= MOST_SHIFT + 1e-9
            assert match.reasons == scores[match.id].reasons
