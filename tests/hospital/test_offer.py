"""What the hospital's own system offers is what people see: prices, kinds, departments, times, what is closed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from gateway.hospital.failures import HospitalFault, HospitalUnavailable
from gateway.hospital.offer import HospitalOffer
from gateway.hospital.system import HospitalSystem, Named, Service
from gateway.insurance.amounts import Cover, Payer
from gateway.queue.clinics import all_clinics
from services.contract.models import Clinic, Clinics


class Changed:
    """The hospital's system as it is, with some of its services told otherwise, or none at all."""

    def __init__(self, system: HospitalSystem, **changes: Any) -> None:
        self._system, self._changes = system, changes
        self.down = False
        self.kinds: tuple[Named, ...] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._system, name)

    async def services(self, department: str) -> tuple[Service, ...]:
        if self.down:
            raise HospitalUnavailable(HospitalFault.TOO_SLOW, "no answer")
        found = await self._system.services(department)
        return tuple(replace(one, **self._changes) if one.code == "tim-mach" else one for one in found)

    async def exam_types(self) -> tuple[Named, ...]:
        return await self._system.exam_types() if self.kinds is None else self.kinds


def offered(site: Any, system: Any | None = None, **settings: Any) -> HospitalOffer:
    """An offer that was asked for once, in the house of the site."""
    house = site.house
    plain = house.settings.hospital.model_copy(update=settings)
    offer = HospitalOffer(system or house.hospital.system, plain, house.clinics, site.clock)
    site.house = replace(house, offer=offer)
    asyncio.run(offer.refresh())
    return offer


def seen(site: Any, payer: Cover | Payer = Payer.SELF) -> Clinics:
    with site.house.store.read() as transaction:
        return all_clinics(site.house, transaction, payer)


def clinic(site: Any, id: str = "tim-mach", payer: Cover | Payer = Payer.SELF) -> Clinic:
    return next(one for one in seen(site, payer).clinics if one.id == id)


def test_prices_are_those_of_the_hospital_and_the_bill_is_the_same(site: Any) -> None:
    offered(site, Changed(site.house.hospital.system, price=150_000, insured_price=50_000, surcharge=20_000))
    shown, other = clinic(site).amounts, clinic(site, "mat").amounts
    assert shown is not None and other is not None
    assert (shown.price, other.price) == (150_000, 122_500)
    insured = clinic(site, payer=Cover(80, 100)).amounts
    assert insured is not None
    # 15 % limit of the law: below it the fund pays all it counts, the surcharge is the patient's.
    assert (insured.price, insured.fund, insured.patient) == (70_000, 50_000, 20_000)
    assert site.ticket().amount_due == 150_000


def test_a_price_the_hospital_does_not_know_stays_as_the_settings_say(site: Any) -> None:
    offered(site, Changed(site.house.hospital.system, price=0, insured_price=0))
    amounts = clinic(site).amounts
    assert amounts is not None
    assert amounts.price == 122_500


def test_what_cannot_be_had_now_is_closed_and_an_old_answer_closes_nothing(site: Any) -> None:
    system = Changed(site.house.hospital.system, available=False, price=150_000)
    offer = offered(site, system)
    assert not clinic(site).available
    assert clinic(site, "mat").available
    system.down = True
    site.clock.turn(minutes=11)
    asyncio.run(offer.refresh())
    assert clinic(site).available
    amounts = clinic(site).amounts
    assert amounts is not None
    assert amounts.price == 150_000


def test_kinds_and_departments_come_from_the_hospital_where_the_settings_have_none(site: Any) -> None:
    system = Changed(site.house.hospital.system, exam_types=("bhyt",))
    system.kinds = (Named("bhyt", "Khám bảo hiểm"), Named("yc", "Khám theo yêu cầu"), Named("x" * 41, "quá dài"))
    offered(site, system)
    found = seen(site)
    assert [(one.id, one.name) for one in found.exam_types] == [("bhyt", "Khám bảo hiểm"), ("yc", "Khám theo yêu cầu")]
    assert clinic(site).exam_types == ("bhyt",)
    assert [one.name for one in found.departments] == ["Khoa khám bệnh"]
    assert clinic(site).department == found.departments[0].id


def test_times_are_offered_where_the_site_wants_them_and_ours_are_counted(site: Any) -> None:
    offered(site)
    assert clinic(site).slots is None
    offered(site, times=True)
    slots = clinic(site).slots
    assert slots is not None
    # It is noon: the morning's times are over.
    assert [(one.id, one.left) for one in slots] == [("1330", 2), ("1400", 2)]
    ticket = site.ticket(slot_id="1330")
    assert ticket.slot is not None and ticket.slot.id == "1330"
    assert [one.left for one in clinic(site).slots or ()] == [1, 2]


def test_times_of_yesterday_are_not_offered(site: Any) -> None:
    offered(site, times=True)
    site.clock.turn(hours=24)
    assert clinic(site).slots is None


def test_an_outage_from_the_start_leaves_the_settings(site: Any) -> None:
    system = Changed(site.house.hospital.system, price=1)
    system.down = True
    offered(site, system)
    assert clinic(site).amounts == seen(site).clinics[0].amounts
    amounts = clinic(site).amounts
    assert amounts is not None and amounts.price == 122_500


def test_the_guide_desk_is_nobodys_examination(site: Any) -> None:
    offered(site, times=True)
    desk = next(one for one in seen(site).clinics if one.guide_desk)
    assert (desk.amounts, desk.slots, desk.available) == (None, None, True)
