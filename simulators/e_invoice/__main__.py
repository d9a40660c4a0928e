"""`python -m simulators.e_invoice`: serves at the announced `url`; faults as the hospitals' stand-ins.

POST /signing {"count": 2}    so many more asks are answered with "being signed"
"""

from __future__ import annotations

import argparse
import os
from typing import Any

from simulators.e_invoice.app import Issuer, create
from simulators.hospital.faults import Play
from simulators.hospital.serving import serve


def main() -> None:
    """Serve until ended."""
    parser = argparse.ArgumentParser("python -m simulators.e_invoice")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default=os.environ.get("E_INVOICE_TOKEN", "demo-e-invoice-token"))
    parser.add_argument("--detach", action="store_true")
    options = parser.parse_args()
    issuer = Issuer()

    def signing(body: dict[str, Any]) -> None:
        issuer.signing = int(body["count"])

    def state() -> dict[str, Any]:
        return {"issued": list(issuer.issued.values())}

    app = create(issuer, options.token)
    serve("e-invoice", app, Play(), state, {"signing": signing}, port=options.port, detach=options.detach)


if __name__ == "__main__":
    main()
