"""Ranking: who comes first, why, and what never happens."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kontor_engines.matching import LANGUAGES, Profile, Query, _kernel, _packed, prepare, rank
from kontor_engines.matching import _score as score_module

PIECES = [
    "Leistungshalbleiter", "power electronics", "功率半导体", "软件", "Kupfer", "LED", "laser welding", "Wankelmotor",
    "cell", "und", "keine", ", ", "变流器", "🙂",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=5).map(" ".join)
PROFILES = st.lists(
    st.tuples(st.sampled_from([*LANGUAGES, None]), TEXTS, TEXTS, st.sampled_from([None, "a", "b"])),
    max_size=8,
).map(
    lambda rows: [
        Profile(id=str(place), language=language, offers=offers, seeks=seeks, organisation=organisation)
        for place, (language, offers, seeks, organisation) in enumerate(rows)
    ]
)


def test_a_german_and_a_chinese_firm_that_need_each_other_find_each_other(lexicon, firms):
    german, chinese, *_ = rank(prepare(firms, lexicon))
    assert german.matches[0].id == "z"
    assert chinese.matches[0].id == "d"
    match = german.matches[0]
    assert (match.score, match.forward, match.backward) == (1.0, 1.0, 1.0)
    assert {(r.seek, r.offer, r.topic, r.relation, r.direction) for r in match.reasons} == {
        ("Software", "軟體", "software", "same", "forward"),
        ("功率半导体", "Leistungshalbleiter", "power-semiconductor", "same", "backward"),
    }


@pytest.mark.parametrize(
    ("seeks", "offers", "relation"),
    [
        ("power electronics", "功率半导体", "narrower"),
        ("功率半导体", "power electronics", "broader"),
        ("功率半导体", "power converter", "related"),
        ("变流器", "LED", "field"),
        ("wankelmotor", "Wankelmotor", "word"),
    ],
)
def test_a_reason_names_how_wish_and_offer_are_related(seeks, offers, relation, lexicon):
    prepared = prepare([Profile(id="a", seeks=seeks), Profile(id="b", offers=offers)], lexicon)
    (reason,) = rank(prepared)[0].matches[0].reasons
    assert (reason.seek, reason.offer, reason.relation) == (seeks, offers, relation)
    assert (reason.topic is None) == (relation == "word")


def test_the_closer_the_offer_the_better(lexicon):
    offers = ["功率半导体", "power converter", "Leistungselektronik", "LED", "Kupfer"]
    others = [Profile(id=offer, offers=offer) for offer in reversed(offers)]
    (ranking,) = rank(
        prepare(others, lexicon), [Query(profile=Profile(id="q", seeks="Leistungshalbleiter"), mode="oneway")]
    )
    assert [match.id for match in ranking.matches] == [
        "功率半导体", "Leistungselektronik", "power converter",
    ]  # fmt: skip


def test_a_text_that_is_no_more_than_a_term_is_compared_as_a_whole(lexicon):
    def units(seeks, language):
        return [
            (u.quote, u.word)
            for u in prepare([Profile(id="a", language=language, seeks=seeks)], lexicon).sides[0].needs
        ]

    assert units("Wankel solutions", "en") == [("Wankel solutions", "wancelsolution")]
    assert units("we seek wankel solutions", "en") == [("wankel", "wancel")]
    assert units("Wankel und Stirling", "de") == [("Wankel", "wancel"), ("Stirling", "stirling")]
    assert units("汪克尔与斯特林", "zh") == [("汪克尔", "汪克尔"), ("斯特林", "斯特林")]
    assert units("汪克尔解决方案", "zh") == [("汪克尔解决方案", "汪克尔解决方案")]
    assert units("我们寻找汪克尔解决方案", "zh") == [("汪克尔", "汪克尔")]


def test_mere_neighbours_only_keep_a_list_from_being_empty(lexicon):
    near = [Profile(id=f"n{place}", offers="LED") for place in range(5)]
    asker = Query(profile=Profile(id="q", seeks="Leistungshalbleiter"), mode="oneway")
    assert [m.id for m in rank(prepare(near, lexicon), [asker])[0].matches] == ["n0", "n1", "n2"]
    close = [Profile(id=f"c{place}", offers="power converter") for place in range(3)]
    assert [m.id for m in rank(prepare([*near, *close], lexicon), [asker])[0].matches] == ["c0", "c1", "c2"]


def test_a_sub_field_shared_for_few_of_the_wishes_makes_a_neighbour(lexicon):
    prepared = prepare([Profile(id=f"n{place}", offers="choke") for place in range(5)], lexicon)

    def listed(seeks):
        asker = Query(profile=Profile(id="q", seeks=seeks), mode="oneway")
        return [match.id for match in rank(prepared, [asker])[0].matches]

    assert listed("Leistungshalbleiter, Kupfer") == ["n0", "n1", "n2", "n3", "n4"]
    assert listed("Leistungshalbleiter, Kupfer, Software") == ["n0", "n1", "n2"]


def test_what_hardly_counts_is_no_reason_beside_what_does(lexicon):
    text = "power semiconductor for customers"
    prepared = prepare([Profile(id=f"o{place}", language="en", offers=text) for place in range(40)], lexicon)
    seeker = Query(profile=Profile(id="q", language="en", seeks=text), mode="oneway")
    match = rank(prepared, [seeker])[0].matches[0]
    assert [reason.seek for reason in match.reasons] == ["power semiconductor"]


def test_mere_neighbours_are_the_last_reason(lexicon):
    seeker = Profile(id="a", seeks="Leistungshalbleiter, Kupfer, Laserschweißen")
    other = Profile(id="b", offers="LED, 铜", seeks="Software", organisation="x")
    (match,) = rank(prepare([seeker, other], lexicon), [seeker])[0].matches
    assert [reason.relation for reason in match.reasons] == ["same"]


def test_a_side_without_needs_counts_half_and_below_every_mutual_pair(lexicon):
    prepared = prepare(
        [
            Profile(id="asker", seeks="Software", offers="Kupfer"),
            Profile(id="mutual", offers="软件", seeks="铜"),
            Profile(id="neutral", offers="软件"),
        ],
        lexicon,
    )
    ranking = rank(prepared)[0]
    assert [(match.id, match.score, match.backward) for match in ranking.matches] == [
        ("mutual", 1.0, 1.0),
        ("neutral", 0.5, None),
    ]


def test_one_organisation_blocked_pairs_and_the_asker_itself_never_match(lexicon):
    profile = Profile(id="a", offers="Software", seeks="Software", organisation="x")
    others = [
        replace(profile, id="b"),
        replace(profile, id="c", organisation=None),
        replace(profile, id="d", organisation="y"),
    ]
    prepared = prepare([profile, *others], lexicon)
    assert [match.id for match in rank(prepared)[0].matches] == ["c", "d"]
    assert [match.id for match in rank(prepared, blocked=[("d", "a")])[0].matches] == ["c"]
    assert [match.id for match in rank(prepared, blocked=[("d", "a")])[3].matches] == ["b", "c"]


def test_the_pool_keeps_to_a_language(lexicon, firms):
    prepared = prepare(firms, lexicon)
    query = Query(profile=Profile(id="q", seeks="Software; Leistungshalbleiter"), pool="zh")
    assert [match.id for match in rank(prepared, [query])[0].matches] == ["z"]


def test_ticked_topics_count_and_are_quoted_by_their_label(lexicon):
    prepared = prepare(
        [
            Profile(id="a", language="de", topics_sought=("power-semiconductor",)),
            Profile(id="b", language="zh", topics_offered=("power-semiconductor",)),
        ],
        lexicon,
    )
    (reason,) = rank(prepared)[0].matches[0].reasons
    assert (reason.seek, reason.offer, reason.relation) == ("Leistungshalbleiter", "功率半导体", "same")


def test_unusable_input_is_named(lexicon):
    with pytest.raises(ValueError, match="Profile 'a': topic 'nonsense' is not in the vocabulary"):
        prepare([Profile(id="a", topics_offered=("nonsense",))], lexicon)
    with pytest.raises(ValueError, match="Profile 'a': ids must be unique"):
        prepare([Profile(id="a"), Profile(id="a")], lexicon)
    with pytest.raises(ValueError, match="top must be at least 1, not 0"):
        rank(prepare([], lexicon), top=0)
    with pytest.raises(ValueError, match="language must be one of de, en, zh or None, not 'fr'"):
        Profile(id="a", language="fr")


def test_an_edited_profile_is_ranked_alone_as_if_all_were_prepared_again(lexicon, firms):
    edited = replace(firms[2], offers="Software", seeks="Leistungshalbleiter")
    before = prepare(firms, lexicon)
    after = prepare([*firms[:2], edited, firms[3]], lexicon, previous=before)
    alone = rank(before, [edited])[0]
    assert [match.id for match in alone.matches] == [match.id for match in rank(after)[2].matches] == ["d"]


@settings(max_examples=60, deadline=None)
@given(PROFILES)
def test_scores_are_shares_sorted_symmetric_and_explained_by_words_of_the_texts(lexicon, profiles):
    prepared = prepare(profiles, lexicon)
    rankings = {ranking.id: ranking for ranking in rank(prepared)}
    texts = {profile.id: profile for profile in profiles}
    assert rank(prepared) == list(rankings.values())
    for asker, ranking in rankings.items():
        scores = [match.score for match in ranking.matches]
        assert scores == sorted(scores, reverse=True)
        for match in ranking.matches:
            assert match.id != asker
            assert 0 < match.score <= 1
            mirrored = [other.score for other in rankings[match.id].matches if other.id == asker]
            assert mirrored == [match.score] or (not mirrored and match.score <= 0.06)
            assert match.reasons
            for reason in match.reasons:
                forward = reason.direction == "forward"
                seeker, offerer = (asker, match.id) if forward else (match.id, asker)
                assert reason.seek in texts[seeker].seeks
                assert reason.offer in texts[offerer].offers
                assert 2 <= len(reason.seek) <= 60 or len(texts[seeker].seeks) < 2
                assert 2 <= len(reason.offer) <= 60 or len(texts[offerer].offers) < 2


def test_the_compiled_way_gives_the_same_rankings(lexicon, monkeypatch):
    profiles = [
        Profile(
            id=str(place),
            language=LANGUAGES[place % 3],
            offers=f"{PIECES[place % 14]}, {PIECES[place * 5 % 13]}",
            seeks="" if place % 7 == 0 else f"{PIECES[place * 3 % 14]}; {PIECES[place * 7 % 11]}",
            organisation=None if place % 5 else "x",
        )
        for place in range(80)
    ]
    for tile in (_packed.TILE, 24):
        monkeypatch.setattr(_packed, "TILE", tile)
        monkeypatch.setattr(_kernel, "TILE", tile)
        prepared = prepare(profiles, lexicon)
        for mode in ("reciprocal", "oneway"):
            for top in (2, 5, 100):
                monkeypatch.setattr(score_module, "COMPILED_FROM", len(profiles) ** 2 + 1)
                readable = rank(prepared, mode=mode, top=top)
                monkeypatch.setattr(score_module, "COMPILED_FROM", 1)
                assert rank(prepared, mode=mode, top=top) == readable


@settings(max_examples=40, deadline=None)
@given(PROFILES, st.integers(1, 4))
def test_the_compiled_way_leaves_nobody_out(lexicon, profiles, top):
    prepared = prepare(profiles, lexicon)
    readable = rank(prepared, top=top)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(score_module, "COMPILED_FROM", 0)
        assert rank(prepared, top=top) == readable
