"""All kiosks in Prometheus' text format: read from the store when it is asked for, the same from every worker."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from gateway.fleet.alarms import AlarmKind
from gateway.fleet.overview import Colour, KioskNow, overview
from gateway.house import House
from services.contract.models import DeviceState


def exposition(house: House) -> bytes:
    """What GET /metrics answers. Labels are kiosks' letters and devices' names; nobody's data."""
    with house.store.read() as transaction:
        kiosks = overview(house, transaction)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Kiosks(kiosks, house.now().timestamp()))
    return generate_latest(registry)


class _Kiosks(Collector):
    def __init__(self, kiosks: tuple[KioskNow, ...], now: float) -> None:
        self._kiosks = kiosks
        self._now = now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        colours = GaugeMetricFamily("tram_kiosks", "Enrolled kiosks by colour", labels=["colour"])
        for colour in Colour:
            colours.add_metric([colour.name.lower()], sum(one.colour is colour for one in self._kiosks))
        yield colours
        heard = GaugeMetricFamily("tram_kiosk_heard_seconds", "Since the last heartbeat", labels=["kiosk"])
        versions = GaugeMetricFamily("tram_kiosk_info", "Version of the kiosk's program", labels=["kiosk", "version"])
        waiting = GaugeMetricFamily("tram_kiosk_outbox_waiting", "Entries that wait", labels=["kiosk"])
        oldest = GaugeMetricFamily("tram_kiosk_outbox_oldest_seconds", "Age of the oldest entry", labels=["kiosk"])
        dead = GaugeMetricFamily("tram_kiosk_outbox_refused", "Entries refused for good", labels=["kiosk"])
        devices = GaugeMetricFamily("tram_device_state", "1 for the state now", labels=["kiosk", "device", "state"])
        losses = GaugeMetricFamily("tram_device_losses", "Losses since the start", labels=["kiosk", "device"])
        alarms = GaugeMetricFamily("tram_alarms_open", "Open alarms by kind", labels=["kiosk", "kind"])
        for one in self._kiosks:
            for kind in AlarmKind:
                alarms.add_metric([one.letter, kind.value], sum(alarm.kind is kind for alarm in one.alarms))
            if one.beat is None or one.heard_at is None:
                continue
            heard.add_metric([one.letter], max(self._now - one.heard_at.timestamp(), 0.0))
            versions.add_metric([one.letter, one.beat.version], 1)
            waiting.add_metric([one.letter], one.beat.outbox_waiting)
            oldest.add_metric([one.letter], one.beat.outbox_oldest_seconds)
            dead.add_metric([one.letter], one.beat.outbox_dead)
            for device in one.beat.devices:
                losses.add_metric([one.letter, device.name], device.losses)
                for state in DeviceState:
                    devices.add_metric([one.letter, device.name, state.value], float(device.state is state))
        yield from (heard, versions, waiting, oldest, dead, devices, losses, alarms)
