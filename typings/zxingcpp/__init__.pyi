from collections.abc import Sequence

from PIL.Image import Image

class Barcode:
    text: str

class BarcodeFormat:
    QRCode: BarcodeFormat

def read_barcodes(image: Image, formats: BarcodeFormat = ...) -> Sequence[Barcode]: ...
