"""docs/failure-codes.md: every code with what people read, its cause and its cure, drawn from the registry."""

from __future__ import annotations

from itertools import groupby

from services.failures.registry import REGISTRY, Area, Failure

TITLES: dict[Area, str] = {
    Area.CARD: "Chip card and its reader",
    Area.CODE: "QR codes and their scanner",
    Area.PRINTER: "Printer",
    Area.GATEWAY: "Gateway",
    Area.INSURER: "Insurer, as the gateway tells",
    Area.PAYMENT: "Paying",
    Area.ONE_STOP: "One-stop services, as the gateway tells",
    Area.FINGERPRINT: "Fingerprint sensor",
    Area.DOCUMENT_SCANNER: "Document scanner",
    Area.SOUND: "Sound and the keys of the listening mode",
    Area.KIOSK: "The kiosk itself",
}

HEAD = """# Failure codes

Made by `python -m kiosk failures --markdown > docs/failure-codes.md`; a test holds that it is current.
A code stands on the screen, on the staff page and in the log. "Alarm" means that a technician is told by itself.
"""


def page() -> str:
    """The whole page, Markdown."""
    parts = [HEAD]
    for area, failures in groupby(REGISTRY.values(), key=lambda failure: failure.area):
        parts.append(f"## {area.value}: {TITLES[area]}\n")
        parts.extend(_entry(failure) for failure in failures)
    return "\n".join(parts)


def _entry(failure: Failure) -> str:
    lines = [f"### {failure.code}{' · alarm' if failure.alarm else ''}\n"]
    for language, name in (("vi", "Tiếng Việt"), ("en", "English")):
        lines.append(f"- **{name}**: {' / '.join(failure.sentences(language))}")
    lines.append(f"- **Cause**: {failure.cause('en')}")
    lines.append(f"- **Cure**: {failure.cure('en')}")
    lines.append(f"- **Nguyên nhân**: {failure.cause('vi')}")
    lines.append(f"- **Cách xử lý**: {failure.cure('vi')}")
    return "\n".join(lines) + "\n"
