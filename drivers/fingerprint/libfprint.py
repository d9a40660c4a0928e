"""libfprint 2 (LGPL) through its C interface: open the first reader that gives pictures, take one.

ctypes instead of PyGObject: the few calls used here are stable since 2019, and the packaged bundle needs no second set
of bindings beside its own Python. Only `kiosk worker libfprint` loads this: a driver that crashes takes nobody along.
"""

from __future__ import annotations

import ctypes as c
import ctypes.util

from drivers.fingerprint.errors import FingerError, FingerErrorReason, FingerHint, FingerRefused
from drivers.fingerprint.picture import FingerPicture

_CAPTURE = 1
"""FP_DEVICE_FEATURE_CAPTURE (fp-device.h)."""
_MM_PER_INCH = 25.4
_REMOVED = 0x100
"""FP_DEVICE_ERROR_REMOVED."""
_BOOLEAN = 5 << 2
"""G_TYPE_BOOLEAN (gtype.h)."""
_MOST_EVENTS = 100
"""Of the main loop at one look; what is left is heard at the next."""
RETRIES: dict[int, FingerHint] = {
    0: FingerHint.AGAIN,  # FP_DEVICE_RETRY_GENERAL
    1: FingerHint.PRESS,  # _TOO_SHORT: touched too briefly
    2: FingerHint.CENTRE,  # _CENTER_FINGER
    3: FingerHint.LIFT,  # _REMOVE_FINGER
}
"""Codes of FpDeviceRetry."""


class _GError(c.Structure):
    _fields_ = (("domain", c.c_uint32), ("code", c.c_int), ("message", c.c_char_p))


class _GPtrArray(c.Structure):
    _fields_ = (("pdata", c.POINTER(c.c_void_p)), ("len", c.c_uint))


class _GValue(c.Structure):
    _fields_ = (("type", c.c_size_t), ("data", c.c_uint64 * 2))


class Library:
    """The loaded library. Raises FingerError (UNSUPPORTED) when it is not installed."""

    def __init__(self) -> None:
        name = ctypes.util.find_library("fprint-2") or "libfprint-2.so.2"
        try:
            self.fp = c.CDLL(name)
            self.gobject = c.CDLL(ctypes.util.find_library("gobject-2.0") or "libgobject-2.0.so.0")
            self.glib = c.CDLL(ctypes.util.find_library("glib-2.0") or "libglib-2.0.so.0")
        except OSError as error:
            raise FingerError(FingerErrorReason.UNSUPPORTED, str(error)) from None
        self._declare()

    def _declare(self) -> None:
        pointer, error = c.c_void_p, c.POINTER(c.POINTER(_GError))
        for function, result, arguments in (
            ("fp_context_new", pointer, ()),
            ("fp_context_get_devices", c.POINTER(_GPtrArray), (pointer,)),
            ("fp_device_has_feature", c.c_int, (pointer, c.c_int)),
            ("fp_device_get_name", c.c_char_p, (pointer,)),
            ("fp_device_open_sync", c.c_int, (pointer, pointer, error)),
            ("fp_device_close_sync", c.c_int, (pointer, pointer, error)),
            ("fp_device_capture_sync", pointer, (pointer, c.c_int, pointer, error)),
            ("fp_image_get_data", c.POINTER(c.c_ubyte), (pointer, c.POINTER(c.c_size_t))),
            ("fp_image_get_width", c.c_uint, (pointer,)),
            ("fp_image_get_height", c.c_uint, (pointer,)),
            ("fp_image_get_ppmm", c.c_double, (pointer,)),
            ("fp_device_retry_quark", c.c_uint32, ()),
            ("fp_device_error_quark", c.c_uint32, ()),
        ):
            entry = getattr(self.fp, function)
            entry.restype, entry.argtypes = result, arguments
        self.gobject.g_object_unref.argtypes = (pointer,)
        self.gobject.g_object_unref.restype = None
        value = c.POINTER(_GValue)
        self.gobject.g_value_init.argtypes = (value, c.c_size_t)
        self.gobject.g_value_init.restype = value
        self.gobject.g_object_get_property.argtypes = (pointer, c.c_char_p, value)
        self.gobject.g_object_get_property.restype = None
        self.gobject.g_value_get_boolean.argtypes = (value,)
        self.gobject.g_value_get_boolean.restype = c.c_int
        self.glib.g_main_context_iteration.argtypes = (pointer, c.c_int)
        self.glib.g_main_context_iteration.restype = c.c_int
        self.glib.g_error_free.argtypes = (c.POINTER(_GError),)
        self.glib.g_error_free.restype = None


class ImageDevice:
    """The first reader that gives pictures, opened. Raises FingerError."""

    def __init__(self, library: Library | None = None) -> None:
        self._library = library or Library()
        fp = self._library.fp
        self._context = fp.fp_context_new()
        devices = fp.fp_context_get_devices(self._context).contents
        found = [devices.pdata[index] for index in range(devices.len)]
        if not found:
            raise FingerError(FingerErrorReason.ABSENT, "libfprint sees no reader")
        with_pictures = [device for device in found if fp.fp_device_has_feature(device, _CAPTURE)]
        if not with_pictures:
            raise FingerError(FingerErrorReason.UNSUPPORTED, "the reader matches by itself and gives no pictures")
        self._device = with_pictures[0]
        self.name = (fp.fp_device_get_name(self._device) or b"").decode("utf-8", "replace")
        error = c.POINTER(_GError)()
        if not fp.fp_device_open_sync(self._device, None, c.byref(error)):
            raise self._raised(error)

    def check(self) -> None:
        """Whether it is still plugged in, as the library heard from the kernel. Raises FingerError (LOST)."""
        # An unplugged device is told in the main loop, which runs nowhere else in this process.
        for _ in range(_MOST_EVENTS):
            if not self._library.glib.g_main_context_iteration(None, 0):
                break
        removed = _GValue()
        self._library.gobject.g_value_init(c.byref(removed), _BOOLEAN)
        self._library.gobject.g_object_get_property(self._device, b"removed", c.byref(removed))
        if self._library.gobject.g_value_get_boolean(c.byref(removed)):
            raise FingerError(FingerErrorReason.LOST, "it was unplugged")

    def capture(self) -> FingerPicture:
        """Block until a finger was put down and lifted. Raises FingerRefused, FingerError."""
        fp, error = self._library.fp, c.POINTER(_GError)()
        image = fp.fp_device_capture_sync(self._device, 1, None, c.byref(error))
        if not image:
            raise self._raised(error)
        try:
            length = c.c_size_t()
            data = fp.fp_image_get_data(image, c.byref(length))
            width, height = int(fp.fp_image_get_width(image)), int(fp.fp_image_get_height(image))
            dpi = round(float(fp.fp_image_get_ppmm(image)) * _MM_PER_INCH)
            return FingerPicture(width, height, dpi, c.string_at(data, length.value))
        except ValueError as wrong:
            raise FingerError(FingerErrorReason.SIZE, str(wrong)) from None
        finally:
            self._library.gobject.g_object_unref(image)

    def _raised(self, error: c._Pointer[_GError]) -> Exception:  # pyright: ignore[reportPrivateUsage]
        """The library's error in our words."""
        fp = self._library.fp
        domain, code = int(error.contents.domain), int(error.contents.code)
        text = (error.contents.message or b"").decode("utf-8", "replace")
        self._library.glib.g_error_free(error)
        if domain == fp.fp_device_retry_quark():
            return FingerRefused(RETRIES.get(code, FingerHint.AGAIN), confirmation=code)
        if domain == fp.fp_device_error_quark() and code == _REMOVED:
            return FingerError(FingerErrorReason.LOST, text, confirmation=code)
        return FingerError(FingerErrorReason.PROTOCOL, text, confirmation=code)
