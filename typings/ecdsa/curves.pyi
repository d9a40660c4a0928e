from typing import Any

class Curve:
    name: str
    openssl_name: str
    oid: tuple[int, ...]
    order: int
    curve: Any
    generator: Any

NIST192p: Curve
NIST224p: Curve
NIST256p: Curve
NIST384p: Curve
NIST521p: Curve
BRAINPOOLP160r1: Curve
BRAINPOOLP192r1: Curve
BRAINPOOLP224r1: Curve
BRAINPOOLP256r1: Curve
BRAINPOOLP320r1: Curve
BRAINPOOLP384r1: Curve
BRAINPOOLP512r1: Curve
BRAINPOOLP160t1: Curve
BRAINPOOLP192t1: Curve
BRAINPOOLP224t1: Curve
BRAINPOOLP256t1: Curve
BRAINPOOLP320t1: Curve
BRAINPOOLP384t1: Curve
BRAINPOOLP512t1: Curve

def __getattr__(name: str) -> Any: ...
