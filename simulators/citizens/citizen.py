"""Value types of an invented person: what stands on their card, in its codes, and what the insurer knows of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from simulators.citizens import codes, mrz


@dataclass(frozen=True)
class Portrait:
    """How the drawn picture looks; colours as #RRGGBB."""

    hair: str = "short"
    """short, long, bun or bald."""
    hair_colour: str = "#2B2320"
    skin: str = "#E0AC82"
    shirt: str = "#2F5C8A"
    format: str = "jpeg"
    """jpeg, jpeg2000 or j2k (a bare codestream): how the chip stores it."""


@dataclass(frozen=True)
class Insurance:
    """A health insurance card as the insurer's stand-in and the paper card's QR know it."""

    card_number: str
    """15 characters: object group, benefit digit, province, BHXH number."""
    bhxh: str
    """BHXH number, 10 digits."""
    valid_from: date
    valid_to: date | None
    facility: str
    """First-registration facility, 5 digits; `99001` is the demo's hospital."""
    result_code: str = "000"
    """maKetQua the insurer answers."""

    @property
    def benefit_digit(self) -> int:
        """Character 3 of the card number: 1 to 5."""
        return int(self.card_number[2])


@dataclass(frozen=True)
class Citizen:
    """An invented person. Texts are NFC; `birth` is yyyy-mm-dd, yyyy-mm or yyyy."""

    id: str
    number: str
    """12 digits: province 099 (which does not exist), century and sex, year, six digits."""
    old_number: str
    """9 digits, or empty."""
    name: str
    birth: str
    sex: str
    """M or F."""
    nationality: str
    ethnicity: str
    religion: str
    address: str
    hometown: str
    marks: str
    issue_date: date
    expiry: date | None
    """None: valid for life."""
    card_year: int
    """2021 or 2024: which printing of the card."""
    father: str = ""
    mother: str = ""
    spouse: str = ""
    guardian: str | None = None
    """Id of the citizen who comes along with a child."""
    portrait: Portrait | None = None
    """None: the card of a small child has no photo."""
    insurance: Insurance | None = None
    zone_birth: str = ""
    """yymmdd as the machine-readable zone spells an incomplete birth, where it is not with `<`."""

    @property
    def birth_year(self) -> int:
        """Always known."""
        return int(self.birth[:4])

    @property
    def sex_text(self) -> str:
        """As the card prints it."""
        return "Nam" if self.sex == "M" else "Nữ"

    def mrz(self) -> tuple[str, str, str]:
        """The three lines of 30 characters (TD1) of the card's back."""
        expiry = mrz.expiry_field(self.expiry)
        return mrz.vietnamese_td1(self.number, self.mrz_birth, self.sex, expiry, self.name)

    @property
    def mrz_birth(self) -> str:
        """yymmdd of the machine-readable zone."""
        return self.zone_birth or mrz.birth_field(self.birth)

    def qr_text(self) -> str:
        """Text of the QR code on the card: 7 fields in 2021, 11 in 2024."""
        fields = [
            self.number,
            self.old_number,
            self.name,
            codes.compact_birth(self.birth),
            self.sex_text,
            self.address,
            codes.compact_date(self.issue_date),
        ]
        if self.card_year >= 2024:
            fields += [self.father, self.mother, self.spouse, ""]
        return "|".join(fields)

    def bhyt_qr_text(self) -> str:
        """Text of the QR code on the paper insurance card (health.md section 2.3). ValueError when not insured."""
        if self.insurance is None:
            raise ValueError(f"{self.id} has no insurance")
        return codes.paper_insurance(self.insurance, self.name, self.birth, self.sex, self.mother)
