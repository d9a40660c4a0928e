"""What the catalogue says of a procedure beside its papers: steps, fees by channel, result, who decides, the law."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from services.journeys.books import Books
from services.journeys.checklist import Asker, Place, fee_phrase, length_of
from services.journeys.prompts import DetailRow, Phrase
from services.messages import dotted
from services.procedures.agencies import competent
from services.procedures.cases import time_of
from services.procedures.fees import Asked, Bill, bill, who_pays_less
from services.procedures.records import Channel, Named, Procedure, TimeLimit


def details(
    books: Books, procedure: Procedure, asker: Asker, place: Place, day: date, *, english: bool
) -> tuple[DetailRow, ...]:
    """Row by row, what a person does first; nothing that the record leaves out."""
    reader = _Reader(books, procedure, asker, place, day, english)
    return (*reader.steps(), *reader.fees(), *reader.times(), *reader.around())


class _Reader:
    def __init__(
        self, books: Books, procedure: Procedure, asker: Asker, place: Place, day: date, english: bool
    ) -> None:
        self._books, self._one, self._asker, self._place = books, procedure, asker, place
        self._day, self._english = day, english

    def steps(self) -> Iterator[DetailRow]:
        """What happens, in order."""
        for number, step in enumerate(self._one.steps, 1):
            yield DetailRow(Phrase("details.step", (("number", number),)), self._named(step.name, step.name_en))

    def fees(self) -> Iterator[DetailRow]:
        """By each channel, and who pays nothing or less at the counter."""
        reductions = self._books.catalogue.reductions
        bills = {channel: bill(self._one, reductions, self._asked(channel)) for channel in self._one.channels}
        most = {channel: tuple(_most(found)) for channel, found in bills.items()}
        same = len(set(most.values())) == 1
        for channel, found in bills.items():
            yield DetailRow(Phrase(f"details.fee.{channel.value}"), fee_phrase(found))
            yield from () if same else most[channel]
        yield from most[self._one.channels[0]] if same else ()
        asked = self._asked(self._one.channels[0])
        kinds = self._books.catalogue.beneficiaries
        less = who_pays_less(self._one, self._books.catalogue.reductions, asked, [one.id for one in kinds])
        for free, message in ((True, "details.free"), (False, "details.less")):
            names = [self._name(one) for one in kinds for who in less if who.beneficiary == one.id and who.free is free]
            if names:
                yield DetailRow(Phrase(message), _plain(", ".join(names)))

    def times(self) -> Iterator[DetailRow]:
        """Of the case, or of each part."""
        if not self._one.parts:
            yield from self._time(Phrase("details.time"), time_of(self._one, self._asker.answers))
        for part in self._one.parts:
            if part.wanted(self._asker.answers) is not False:
                name = (part.name_en or part.name) if self._english else part.name
                yield from self._time(Phrase("details.time.part", (("name", name),)), part.time)

    def around(self) -> Iterator[DetailRow]:
        """What comes of it, who decides, how far it can be done online, by which texts, and whence we know."""
        one = self._one
        yield DetailRow(Phrase("details.results"), _plain("; ".join(one.results)))
        agency = competent(self._books.catalogue, one, self._place.codes, self._day)
        if agency is not None:
            yield DetailRow(Phrase("details.agency"), self._named(agency.name, agency.name_en))
        if agency is not None and agency.delegated_by:
            yield DetailRow(Phrase("details.delegated"), _plain(agency.delegated_by))
        yield DetailRow(Phrase("details.level"), Phrase(f"details.level.{one.level.value}"))
        if one.essential:
            yield DetailRow(Phrase("details.essential"), Phrase("details.essential.yes"))
        if one.basis:
            texts = (f"{text.number}, {text.name}" if text.name else text.number for text in one.basis)
            yield DetailRow(Phrase("details.basis"), _plain("; ".join(texts)))
        source = one.source
        mark = Phrase(f"details.source.{source.mark.value}", (("date", f"{source.accessed:%d/%m/%Y}"),))
        yield DetailRow(mark, _plain(source.name))

    def _asked(self, channel: Channel) -> Asked:
        return Asked(self._day, channel, self._place.codes, self._asker.answers, pieces=self._asker.pieces)

    def _time(self, label: Phrase, limit: TimeLimit) -> Iterator[DetailRow]:
        yield DetailRow(label, length_of(limit))
        if limit.when_verified is not None:
            longer = limit.model_copy(update={"value": limit.when_verified})
            yield DetailRow(Phrase("details.time.verified"), length_of(longer))

    def _named(self, vietnamese: str, english: str) -> Phrase:
        return _plain((english or vietnamese) if self._english else vietnamese)

    def _name(self, one: Named) -> str:
        return (one.name_en or one.name) if self._english else one.name


def _most(found: Bill) -> Iterator[DetailRow]:
    """The ceiling of one copy."""
    for line in found.lines:
        if line.fee.per_page is not None and line.due != 0:
            most = dotted(line.reduced(line.fee.per_page.most_per_copy))
            yield DetailRow(Phrase("details.fee.most"), Phrase("fee.amount", (("amount", most),)))


def _plain(text: str) -> Phrase:
    return Phrase("plain", (("text", text),))
