"""Each person of a list once: what repeats an earlier row is left out, what contradicts it is refused."""

from dataclasses import replace
from typing import Generic, TypeVar

from kontor.directory.lists.fields import Field
from kontor.directory.lists.results import InterpreterRow, Notice, ParticipantRow, Refusal, Repetition
from kontor.directory.lists.row_cells import RowCells, first_name_field
from kontor.directory.names import identity_key

Row = TypeVar("Row", ParticipantRow, InterpreterRow)


class EachOnce(Generic[Row]):
    """The rows read so far, each person once, and what has to be said about the others."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.refusals: list[Refusal] = []
        self.repetitions: list[Repetition] = []
        self.notices: list[Notice] = []
        self._by_identity: dict[str, Row] = {}

    def add(self, person: Row | None, cells: RowCells[Field]) -> None:
        """Keep a person, or say which earlier row it repeats or contradicts."""
        earlier = self._by_identity.get(person.identity) if person else None
        if person and earlier:
            if replace(person, row_number=0, line=0) == replace(earlier, row_number=0, line=0):
                self.repetitions.append(
                    Repetition(row_number=person.row_number, line=person.line, of_row=earlier.row_number)
                )
                return
            is_other = identity_key(person.name) != identity_key(earlier.name)
            field = Field.EMAIL if is_other or person.email else first_name_field(cells)
            code = "same_email_other_person" if is_other else "contradicts_row"
            cells.refuse(field, code, row=earlier.row_number)
        self.refusals += cells.refusals
        if person and not cells.refusals:
            self.notices += cells.notices
            self.rows.append(person)
            self._by_identity[person.identity] = person
