"""What a reader is told about a file, a row or a cell: one sentence per code, in the reader's language."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kontor.directory import registry_numbers

FILE_SENTENCES: dict[str, Promise] = {
    "empty": _("This file is empty."),
    "no_rows": _("This list has a header but no people."),
    "pdf": _("This is a PDF. Please send the list as a spreadsheet (XLSX) or as CSV."),
    "picture": _("This is a picture. Please send the list as a spreadsheet (XLSX) or as CSV."),
    "old_excel": _(
        "This is an old Excel or Word file, or one with a password. Please open it and save it as XLSX without a password."
    ),
    "word": _(
        "This is a text document. Please copy the table into a spreadsheet and save it as XLSX or CSV."
    ),
    "other_spreadsheet": _("This kind of spreadsheet cannot be read. Please save it as XLSX."),
    "archive": _("This is an archive, not a list. Please unpack it and send the list as XLSX or CSV."),
    "web_page": _("This is a web page, not a list. Please save the list as XLSX or CSV."),
    "not_text": _("This is neither a spreadsheet nor a text file. Please send the list as XLSX or CSV."),
    "too_large": _("This file has %(size)s MB; at most %(limit)s MB are read."),
    "unpacks_too_large": _(
        "This spreadsheet unpacks to far more than a list of people can need. It is not opened."
    ),
    "file_inside": _("This spreadsheet has another packed file inside. Please save the list alone."),
    "declarations": _("This spreadsheet has declarations that no list needs. It is not opened."),
    "damaged": _("This spreadsheet is damaged. Please open it, save it again as XLSX and try once more."),
    "line_too_long": _("Line %(line)s is longer than %(limit)s characters."),
    "too_many_rows": _("This list has more than %(limit)s rows. Please divide it."),
    "too_many_columns": _("Line %(line)s has more than %(limit)s columns."),
    "cell_too_long": _("A cell in line %(line)s is longer than %(limit)s characters."),
    "open_quotation": _(
        "A quotation mark is opened and never closed, so rows would be swallowed. Please correct it."
    ),
    "wrong_encoding": _("This file cannot be read as %(encoding)s."),
    "unknown_encoding": _("The characters of this file cannot be recognised. Please save it as UTF-8."),
    "no_such_sheet": _("There is no sheet “%(sheet)s” in this file."),
    "no_such_line": _("There is no line %(line)s in this file."),
    "no_name_column": _("No column gives the names. Please say which one does."),
    "no_organisation_column": _("No column gives the organisations. Please say which one does."),
    "no_pair_column": _("No column gives the language pairs. Please say which one does."),
    "no_pair_columns": _("The columns do not say who wants to meet whom. Please say which ones do."),
    "no_name_of_organisation_column": _(
        "No column gives the names of the organisations. Please say which one does."
    ),
    "mapping_does_not_fit": _("The choice of columns does not fit this file. Please choose again."),
}

REFUSAL_SENTENCES: dict[str, Promise] = {
    "no_family_name": _("There is no family name."),
    "no_name": _("There is no name."),
    "name_is_formula": _("There is no name but a formula."),
    "cell_is_formula": _("There is a formula instead of a value."),
    "name_is_no_name": _("“%(value)s” is no name."),
    "no_organisation": _("There is no organisation."),
    "too_long": _("This is longer than %(limit)s characters."),
    "country_is_region": _("“%(value)s” is a region, not a country."),
    "country_is_province": _("“%(value)s” is a province, not a country."),
    "country_is_city": _("“%(value)s” is a city, not a country."),
    "country_is_continent": _("“%(value)s” is more than one country."),
    "country_is_unknown": _("“%(value)s” is not a known country."),
    "email_is_no_address": _("“%(value)s” is no e-mail address."),
    "no_such_day": _("There is no %(day)s."),
    "no_such_time": _("There is no time %(time)s."),
    "ends_before_it_begins": _("“%(value)s” ends before it begins."),
    "same_email_other_person": _("The address is already that of row %(row)s, which has another name."),
    "contradicts_row": _("This is the person of row %(row)s, but with other details."),
    "pair_without_first": _("It is not said who asks."),
    "pair_without_second": _("It is not said who is asked."),
    "pair_with_oneself": _("Nobody meets themselves."),
    "email_missing_in_pair": _(
        "A name alone does not say who is meant; an e-mail address or the organisation is needed too."
    ),
    "no_pair": _("No two of the languages German, English and Chinese were found in this row."),
    "pair_unknown_address": _("Nobody with this address takes part in the event."),
    "pair_unknown_name": _("Nobody with this name and organisation takes part in the event."),
    "pair_of_several": _("Several participants could be meant. Please add the e-mail address."),
    "pair_of_colleagues": _("Both belong to the same organisation."),
    "number_has_wrong_length": registry_numbers.NumberHasWrongLength.sentence,
    "number_has_wrong_sign": registry_numbers.NumberHasWrongSign.sentence,
    "digit_is_wrong": registry_numbers.DigitIsWrong.sentence,
    "check_digit_does_not_fit": registry_numbers.CheckDigitDoesNotFit.sentence,
    "number_of_no_register": registry_numbers.NumberIsNoneOfThisRegister.sentence,
    "word_is_unknown": _("“%(value)s” is none of the words known for this column."),
    "no_number": _("“%(value)s” is no number."),
    "no_year": _("“%(value)s” is no year."),
    "no_date": _("“%(value)s” is no date."),
    "no_website": _("“%(value)s” is no address of a website."),
    "ended_without_day": _("A membership that has ended needs its last day."),
    "contradicts_organisation": _("This is the organisation of row %(row)s, but with other details."),
    "parent_is_itself": _("An organisation is not its own parent."),
    "parent_is_below": _("“%(value)s” stands below this organisation already, so it cannot be its parent."),
    "parent_is_unknown": _("No organisation is named “%(value)s”."),
    "parent_of_several": _("Several organisations are named “%(value)s”."),
    "numbers_of_several": _("These registry numbers belong to different organisations: %(names)s."),
    "name_of_several": _(
        "Several organisations have this name. A registry number or the country says which one."
    ),
    "other_number": _("“%(name)s” is known with another number of this register: %(number)s."),
    "number_of_another": _("This number belongs to “%(name)s” already, which has another name."),
    "not_yours": _("“%(name)s” is known already and looked after by others, so this list cannot change it."),
    "cluster_is_unknown": _("No cluster of yours is named “%(value)s”."),
    "no_cluster": _("It is not said to which cluster this membership belongs."),
    "group_is_unknown": _("This cluster has no working group “%(value)s”."),
}

NOTICE_SENTENCES: dict[str, Promise] = {
    "level_assumed": _("%(languages)s without a level counts as B2 (assumed)."),
    "language_not_understood": _("not understood: %(value)s"),
    "availability_not_understood": _("not understood: %(value)s"),
    "outside_event_days": _("“%(value)s” is outside the days of the event."),
    "never_available": _("These words leave no time on the days of the event."),
    "email_none": _("“%(value)s” is read as: no e-mail address."),
    "email_normalised": _("“%(value)s” is read as %(email)s."),
    "email_first_of_several": _("Of several addresses the first is taken: %(email)s."),
    "line_break": _("This cell has a line break; each line is read on its own."),
    "name_split_assumed": _("Family name %(family)s, given name %(given)s: please check."),
    "category_not_understood": _("not understood: %(value)s"),
    "phone_rounded": _("This number was rounded by the spreadsheet and is left out: %(value)s."),
    "hidden_row": _("This row is hidden in the spreadsheet."),
    "priority_not_understood": _("not understood: %(value)s"),
    "run_not_understood": _("not understood: %(value)s"),
    "topic_not_understood": _("no topic of the vocabulary: %(value)s"),
    "size_standard_assumed": _("“%(value)s” is read by the standard of the country."),
    "may_be_known": _("This may be “%(name)s”, which is known already. They are not merged."),
    "may_be_row": _("This may be the organisation of row %(row)s. They are not merged."),
}

REFUSAL_TITLES: dict[str, Promise] = {
    "no_family_name": _("no family name"),
    "no_name": _("no name"),
    "name_is_formula": _("a formula instead of a name"),
    "cell_is_formula": _("a formula instead of a value"),
    "name_is_no_name": _("something else instead of a name"),
    "no_organisation": _("no organisation"),
    "too_long": _("a cell that is too long"),
    "country_is_region": _("a region instead of a country"),
    "country_is_province": _("a province instead of a country"),
    "country_is_city": _("a city instead of a country"),
    "country_is_continent": _("several countries instead of one"),
    "country_is_unknown": _("an unknown country"),
    "email_is_no_address": _("something else instead of an e-mail address"),
    "no_such_day": _("a day that does not exist"),
    "no_such_time": _("a time that does not exist"),
    "ends_before_it_begins": _("a time that ends before it begins"),
    "same_email_other_person": _("the e-mail address of somebody else"),
    "contradicts_row": _("other details about somebody named before"),
    "pair_without_first": _("nobody who asks"),
    "pair_without_second": _("nobody who is asked"),
    "pair_with_oneself": _("the same person twice"),
    "email_missing_in_pair": _("a name without e-mail address or organisation"),
    "no_pair": _("no language pair"),
    "pair_unknown_address": _("an e-mail address that nobody here has"),
    "pair_unknown_name": _("a name that nobody here has"),
    "pair_of_several": _("a name that several people have"),
    "pair_of_colleagues": _("two people of one organisation"),
    "number_has_wrong_length": _("a registry number of the wrong length"),
    "number_has_wrong_sign": _("a registry number with a sign that never stands there"),
    "digit_is_wrong": _("a registry number with one wrong digit"),
    "check_digit_does_not_fit": _("a registry number whose check digit does not fit"),
    "number_of_no_register": _("something else instead of a registry number"),
    "word_is_unknown": _("an unknown word"),
    "no_number": _("something else instead of a number"),
    "no_year": _("something else instead of a year"),
    "no_date": _("something else instead of a date"),
    "no_website": _("something else instead of a website"),
    "ended_without_day": _("a membership that has ended, without its last day"),
    "contradicts_organisation": _("other details about an organisation named before"),
    "parent_is_itself": _("an organisation that is its own parent"),
    "parent_is_below": _("a parent that stands below the organisation"),
    "parent_is_unknown": _("an unknown parent"),
    "parent_of_several": _("a parent that several organisations could be"),
    "numbers_of_several": _("registry numbers of different organisations"),
    "name_of_several": _("a name that several organisations have"),
    "other_number": _("another registry number than the one known"),
    "number_of_another": _("the registry number of another organisation"),
    "not_yours": _("an organisation looked after by others"),
    "cluster_is_unknown": _("an unknown cluster"),
    "no_cluster": _("no cluster"),
    "group_is_unknown": _("an unknown working group"),
}
"""What a row has, in a few words; many rows are told together under it."""

NOTICE_TITLES: dict[str, Promise] = {
    "level_assumed": _("languages without a level, counted as B2"),
    "language_not_understood": _("languages not understood"),
    "availability_not_understood": _("availability not understood"),
    "outside_event_days": _("days outside the event"),
    "never_available": _("no time left on the days of the event"),
    "email_none": _("no e-mail address"),
    "email_normalised": _("e-mail address tidied up"),
    "email_first_of_several": _("several e-mail addresses, the first is taken"),
    "line_break": _("a line break in a cell"),
    "name_split_assumed": _("family and given name told apart by guess"),
    "category_not_understood": _("category not understood"),
    "phone_rounded": _("telephone number rounded by the spreadsheet"),
    "hidden_row": _("hidden in the spreadsheet"),
    "priority_not_understood": _("priority not understood"),
    "run_not_understood": _("meetings in a row not understood"),
    "topic_not_understood": _("topics not understood"),
    "size_standard_assumed": _("standard of the size assumed"),
    "may_be_known": _("possible doubles of known organisations"),
    "may_be_row": _("possible doubles within the list"),
}

REPETITION: Promise = _("Row %(row)s repeats row %(of_row)s.")
CANDIDATES: Promise = _("Rows %(rows)s may be one person: %(spellings)s. They are not merged.")


class UnreadableFile(ValueError):
    """A file cannot be read as a list at all; nothing of it is used."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        return sentence(FILE_SENTENCES, self.code, self.params)


def sentence(sentences: Mapping[str, Promise], code: str, params: Mapping[str, str | int]) -> str:
    """The sentence in the language that is active now; long values are cut so that a reason stays readable."""
    short = {
        name: value if not isinstance(value, str) or len(value) <= 80 else f"{value[:79]}…"
        for name, value in params.items()
    }
    return str(sentences[code]) % short
