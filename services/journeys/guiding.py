"""Notices, short guides and the community digital team."""

from services.journeys.journey import Journey, Step
from services.journeys.steps.print_ticket import print_ticket
from services.journeys.steps.read_guides import read_guides, read_notices, register_for_guide

GUIDES = Journey("guides", steps=(Step(read_guides, ""), Step(register_for_guide, ""), Step(print_ticket, "")))
"""Tile "VNeID, tài khoản định danh"."""

NOTICES = Journey("notices", steps=(Step(read_notices, ""),))
"""The notice on the start page."""
