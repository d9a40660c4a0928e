"""The frame: bars that stand still around the page, and where the page stands in each mode."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kivy.animation import Animation
from kivy.clock import Clock
from kivy.input import MotionEvent
from kivy.uix.widget import Widget

from screens.layout import Box
from screens.parts.cards import Note
from screens.shell.bars import Bar, Bottom, Nav, NavTwo, PlaceBar, Timer, Tool, ToolRow
from screens.shell.gesture import Gesture, Zone
from screens.shell.page import Listen, Page
from screens.site import SiteFacts
from screens.theme import DESIGN_WIDTH, theme
from services.journeys.prompts import Home, HomeChoice, Prompt

SLIDE_SECONDS = 0.16
SLIDE_BEGUN = 0.2
"""Share of the slide that is over in its first picture: about one frame; at 0 that picture would show nothing new."""
VOLUMES = (0, 30, 60, 100)
SWITCHES = ("language", "larger", "contrast", "low", "one_stop", "scale", "listening")


@dataclass(frozen=True)
class FrameActions:
    """What the bars do; the stage gives them."""

    back: Callable[[], None]
    home: Callable[[], None]
    call_staff: Callable[[], None]
    listen: Callable[[], None]
    touched: Callable[[], None]
    set_volume: Callable[[int], None]
    technician: Callable[[], None]


class Frame(Box):
    """The root of the window."""

    def __init__(
        self,
        site: SiteFacts,
        now: Callable[[], datetime],
        actions: FrameActions,
        *,
        volume: int,
        screen: tuple[int, int],
    ) -> None:
        super().__init__()
        self._site, self._actions = site, actions
        self._default_volume = self._volume = volume
        self.page: Page | None = None
        self._leaving: Page | None = None
        self._settled: Callable[[], None] = lambda: None
        self._shown_told: tuple[object, ...] = ()
        self.laid_out: Callable[[], None] = lambda: None
        """Called after each layout: the listening mode's ring follows."""
        self._layer = Widget()
        self._top = Bar()
        self._place = PlaceBar(site, now)
        self._build_tools()
        self._build_bottom()
        self._strip = Note(kind="warn", icon="cloud-slash", message="home.offline", role="tiny", hidden=True)
        for part in (self._layer, self._top, self._place, self.bottom, self.tools, self._strip):
            self.add_widget(part)
        self._laying = False
        self._gesture = Gesture()
        self._relay = Clock.create_trigger(lambda _seconds: self.lay_out(), -1)
        for switch in SWITCHES:
            theme.fbind(switch, self._relay)
        self.resize(screen)

    def _build_tools(self) -> None:
        self._language = Tool(name="language", message="bar.language", icon="globe")
        self._sound = Tool(name="volume", message="bar.volume", icon="speaker-high")
        self._text = Tool(name="text", message="bar.text", icon="text-aa")
        self._contrast = Tool(name="contrast", message="bar.contrast", icon="circle-half")
        self._help = Tool(name="help", message="bar.help", icon="bell-ringing", idle="help")
        self._listen = Listen(name="listen", hidden=True, wide="tool")
        self.tools = ToolRow()
        for tool in (self._listen, self._language, self._sound, self._text, self._contrast, self._help):
            self.tools.add_widget(tool)
        self._language.bind(on_act=lambda *_: self._switch_language())
        self._sound.bind(on_act=lambda *_: self._louder())
        self._text.bind(on_act=lambda *_: setattr(theme, "larger", not theme.larger))
        self._contrast.bind(on_act=lambda *_: setattr(theme, "contrast", not theme.contrast))
        self._help.bind(on_act=lambda *_: self._actions.call_staff())
        self._listen.bind(on_act=lambda *_: self._actions.listen())

    def _build_bottom(self) -> None:
        self._stop = Nav(name="stop", icon="x")
        self._back = Nav(name="back", message="bar.back", icon="arrow-left", wide="nav_back")
        self._home = Nav(name="home", message="bar.home", icon="house", wide="nav_home")
        self._low = NavTwo(name="low", message="bar.low", icon="arrow-line-down")
        self._data = NavTwo(name=HomeChoice.PRIVACY.value, message="home.data", icon="shield-check")
        self._howto = NavTwo(name=HomeChoice.HOW_TO.value, message="home.howto", icon="question")
        self._extra = Nav(name="extra")
        self._timer = Timer(hidden=True)
        self.bottom = Bottom()
        for part in (
            self._stop, self._back, self._home, self._low, self._data, self._howto, self._extra, self._timer,
        ):  # fmt: skip
            self.bottom.add_widget(part)
        self._stop.bind(on_act=lambda *_: self._answer(self.page.stop_answer if self.page else None))
        self._back.bind(on_act=lambda *_: self._actions.back())
        self._home.bind(on_act=lambda *_: self._actions.home())
        self._low.bind(on_act=lambda *_: setattr(theme, "low", not theme.low))
        self._data.bind(on_act=lambda *_: self._answer(HomeChoice.PRIVACY))
        self._howto.bind(on_act=lambda *_: self._answer(HomeChoice.HOW_TO))
        self._extra.bind(on_act=lambda *_: self._answer(self.page.extra_answer if self.page else None))

    def close(self) -> None:
        """Stop listening to the theme."""
        self.clear()
        for switch in SWITCHES:
            theme.funbind(switch, self._relay)
        self._relay.cancel()
        self._place.close()

    # --- switches ---------------------------------------------------------------------------------------------

    def _switch_language(self) -> None:
        theme.language = "en" if theme.language == "vi" else "vi"

    def _louder(self) -> None:
        # Who listens must not switch the voice off with the key that makes it louder.
        levels = VOLUMES[1:] if theme.listening else VOLUMES
        self.set_volume(next((level for level in levels if level > self._volume), levels[0]))

    @property
    def volume(self) -> int:
        """In percent of what the installer allowed."""
        return self._volume

    def set_volume(self, percent: int) -> None:
        """Until the session ends."""
        self._volume = max(0, min(100, percent))
        self._actions.set_volume(self._volume)
        self._relay()

    def reset(self) -> None:
        """Switches back to the site's defaults, nothing of the last person's page left."""
        self._volume = self._default_volume
        theme.reset()
        self.time_left(0, 0, "")
        self.clear()

    # --- the page ---------------------------------------------------------------------------------------------

    def clear(self) -> None:
        """Take every page away."""
        for page in (self.page, self._leaving):
            if page is not None:
                Animation.cancel_all(page)
                self._drop(page)
        self.page = self._leaving = None
        self._relay()

    def show(self, page: Page, *, backwards: bool, slide: bool, settled: Callable[[], None]) -> None:
        """Bring `page`; `settled` is called when it stands still and takes touches."""
        if self._leaving is not None:
            Animation.cancel_all(self._leaving)
            self._drop(self._leaving)
        self._leaving, self.page = self.page, page
        self._settled = settled
        self._layer.add_widget(page)
        self.lay_out()
        self._relay.cancel()
        if not slide or theme.calm or self._leaving is None:
            self._arrived()
            return
        way = -self.width if backwards else self.width
        # The rest of a quadratic ease-out is a quadratic ease-out.
        page.slide = way * (1 - SLIDE_BEGUN) ** 2
        self._leaving.slide = page.slide - way
        seconds = SLIDE_SECONDS * (1 - SLIDE_BEGUN)
        Animation(slide=0, d=seconds, t="out_quad").start(page)
        gone = Animation(slide=-way, d=seconds, t="out_quad")
        gone.bind(on_complete=lambda *_: self._arrived())
        gone.start(self._leaving)

    @property
    def still(self) -> bool:
        """Whether the page stands still and takes touches."""
        return self._leaving is None

    def _arrived(self) -> None:
        if self._leaving is not None:
            self._drop(self._leaving)
            self._leaving = None
        if self.page is not None:
            self.page.slide = 0
            self.page.appeared()
        self._settled()

    def _drop(self, page: Page) -> None:
        page.leave()
        self._layer.remove_widget(page)

    def assisted(self, name: str, until: str) -> None:
        """The place bar says on every page who of the community digital team helps here; empty takes it away."""
        self._place.assisted(name, until)
        self.changed()

    def _answer(self, value: object) -> None:
        if self.page is not None:
            self.page.answer(value)

    def time_left(self, seconds: float, total: float, message: str) -> None:
        """The ring of the bottom bar; no message takes it away."""
        hidden = not message
        if self._timer.hidden != hidden:
            self._timer.hidden = hidden
            self.bottom.changed()
        if message:
            if self._timer.message != message:
                self._timer.message = message
            self._timer.total, self._timer.seconds = total, seconds

    # --- layout -----------------------------------------------------------------------------------------------

    def strip_words(self, text: str) -> None:
        """What the strip of the listening mode reads."""
        if self.page is not None:
            self.page.head.strip.text = text

    def follow(self) -> None:
        """The page shows a newer state of its prompt: the bars and the offline strip follow where it concerns them."""
        if self._told() != self._shown_told:
            self.changed()

    def _told(self) -> tuple[object, ...]:
        """What of the page decides about bars and strip."""
        page = self.page
        prompt = page.prompt if page is not None else None
        if page is None or prompt is None:
            return ()
        offline = prompt.offline_since if isinstance(prompt, Home) else None
        return prompt.back, prompt.home, offline, page.covers, page.stop_message, page.extra_message, page.extra_icon

    def changed(self, *_: object) -> None:
        """Lay out before the next frame. What a layout itself changes it has taken into account."""
        if not self._laying:
            self._relay()

    def resize(self, screen: tuple[int, int]) -> None:
        """The window has a size."""
        theme.scale = screen[0] / DESIGN_WIDTH
        self.pos, self.size = (0, 0), screen
        self.lay_out()

    def lay_out(self) -> None:
        """Everything, top down."""
        self._laying = True
        try:
            self._lay_out()
        finally:
            self._laying = False
            self._relay.cancel()
        self.laid_out()

    def _lay_out(self) -> None:
        self._choose()
        self._shown_told = self._told()
        for part in (self._top, self._place, self.bottom, self.tools, self._strip):
            part.restyle()
        width, height = self.size
        covers = self.page is not None and self.page.covers
        top = theme.size("top_low" if theme.low else "top")
        below = 0.0 if covers else theme.size("bottom")
        self._top.place(0, height - top, width, top)
        self._place.place(0, height - top, width, top)
        self.bottom.place(0, 0, width, theme.size("bottom") if not covers else 0)
        margin, gap = theme.size("margin"), theme.size("gap")
        tall = self.tools.fit(width - 2 * margin)
        if theme.low:
            self.tools.place(margin, below + gap - 4 * theme.scale, width - 2 * margin, tall)
            below += tall + gap + gap / 2
        else:
            self.tools.place(margin, height - theme.size("top_low") + gap - tall, width - 2 * margin, tall)
        y = height - top
        # It comes and goes while somebody reaches for a button: it lies over the page and moves nothing.
        strip = self._strip.fit(width) if self._strip.shown else 0.0
        self._strip.place(0, y - strip, width, strip)
        for page in (self._leaving, self.page):
            if page is not None:
                page.restyle()
                page.strip = strip if page is self.page else 0.0
                page.place(0, 0 if page.bare else below, width, height if page.bare else y - below)

    def _choose(self) -> None:
        """Which buttons the bars show for this page."""
        page = self.page
        prompt: Prompt[object] | None = page.prompt if page is not None else None
        start = isinstance(prompt, Home)
        choices = prompt.choices if isinstance(prompt, Home) else ()
        stops = page is not None and bool(page.stop_message)
        ways: dict[Box, bool] = {
            self._stop: stops,
            self._back: prompt is not None and prompt.back and not stops,
            self._home: prompt is not None and prompt.home and not stops,
            self._data: start and HomeChoice.PRIVACY in choices,
            self._howto: start and HomeChoice.HOW_TO in choices,
            self._extra: page is not None and bool(page.extra_message),
            self._low: True,
        }
        for way, shown in ways.items():
            way.hidden = not shown
        bare = page is not None and page.bare
        self.bottom.hidden = bare or (page is not None and page.covers)
        for bar in (self._top, self._place, self.tools):
            bar.hidden = bare
        self.bottom.spread = start
        self._low.wide = "" if start else "nav_low"
        if page is not None:
            self._stop.message, self._extra.message, self._extra.icon = (
                page.stop_message, page.extra_message, page.extra_icon,
            )  # fmt: skip
        self._low.message = "bar.raise" if theme.low else "bar.low"
        self._low.icon = "arrow-line-up" if theme.low else "arrow-line-down"
        self._listen.hidden = not theme.low or page is None
        self._strip.hidden = not (isinstance(prompt, Home) and prompt.offline_since)
        if isinstance(prompt, Home) and prompt.offline_since:
            self._strip.args = {"time": prompt.offline_since}
        self._tools_state()

    def _tools_state(self) -> None:
        self._text.on, self._contrast.on = theme.larger, theme.contrast
        changed = self._volume != self._default_volume
        self._sound.message = ("bar.volume.level" if self._volume else "bar.volume.off") if changed else "bar.volume"
        self._sound.args = {"percent": self._volume} if changed and self._volume else {}
        self._sound.icon = (
            "speaker-slash" if not self._volume else "speaker-low" if self._volume <= 30 else "speaker-high"
        )

    def _zone(self, touch: MotionEvent) -> Zone | None:
        """Logo and clock stand at the two ends of the place bar, above the tools."""
        low = self._place.top - theme.size("margin") - theme.size("icon_status")
        if not low <= touch.y <= self._place.top:
            return None
        end = theme.size("tech_head") + theme.size("margin")
        if touch.x <= self._place.x + end:
            return Zone.LOGO
        return Zone.CLOCK if touch.x >= self._place.right - end else None

    # --- touches ----------------------------------------------------------------------------------------------

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """Any touch counts; the page takes none while it slides."""
        self._actions.touched()
        if self._place.shown and self._gesture.touched(self._zone(touch)):
            self._actions.technician()
        for bar in (self.tools, self.bottom):
            if bar.shown and bar.dispatch("on_touch_down", touch):
                return True
        if self.page is not None and self.still:
            return bool(self.page.dispatch("on_touch_down", touch))
        return False
