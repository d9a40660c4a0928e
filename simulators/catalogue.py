"""A catalogue as large as a province's: any number of invented procedures, the same ones each time.

    python -m simulators.catalogue 2000 > catalogue.json

Names are put together from what procedures are about, so that words repeat as often as they do in a real list; the
records are read back by the product's own import, never built past it.
"""

from __future__ import annotations

import json
import random
import sys
from typing import Any

_ACTS = (
    "Cấp", "Cấp lại", "Cấp đổi", "Gia hạn", "Thu hồi", "Đăng ký", "Đăng ký lại", "Thay đổi", "Chấm dứt", "Xác nhận",
    "Thẩm định", "Phê duyệt", "Công nhận", "Chứng nhận", "Điều chỉnh", "Tạm dừng", "Khai báo", "Thông báo",
)  # fmt: skip
_THINGS = (
    "giấy phép hoạt động", "giấy chứng nhận đủ điều kiện", "chứng chỉ hành nghề", "giấy phép môi trường",
    "văn bản chấp thuận", "sổ theo dõi", "thẻ hướng dẫn viên", "giấy phép lái xe", "quyền sử dụng đất",
    "hợp đồng thuê", "hộ kinh doanh", "hợp tác xã", "cơ sở giáo dục", "cơ sở khám chữa bệnh", "quầy thuốc",
    "tàu cá", "phương tiện thủy nội địa", "giấy phép xây dựng", "khai sinh có yếu tố nước ngoài", "kết hôn",
    "trợ cấp một lần", "chế độ ưu đãi", "bản sao trích lục", "quảng cáo ngoài trời", "lễ hội", "trang trại",
    "giống cây trồng", "thuốc bảo vệ thực vật", "an toàn thực phẩm", "nước sạch nông thôn",
)  # fmt: skip
_WHOSE = (
    "cho cá nhân", "cho tổ chức", "cho hộ gia đình", "cho người nước ngoài", "cho doanh nghiệp nhỏ", "ở vùng sâu",
    "thuộc thẩm quyền cấp xã", "thuộc thẩm quyền cấp tỉnh", "do mất hoặc hỏng", "do thay đổi thông tin",
    "trong thời hạn còn lại", "theo ủy quyền",
)  # fmt: skip
_SECTORS = ("ho-tich", "dat-dai", "kinh-doanh", "y-te", "giao-duc", "nong-nghiep", "xay-dung", "van-hoa", "moi-truong")
_EVENTS = ("sinh-con", "nha-dat", "kinh-doanh", "viec-lam", "giay-to")
_EVERYDAY = ("mất giấy tờ", "mở cửa hàng", "làm nhà", "sinh con", "xin việc", "mua đất", "nuôi tôm", "chữa bệnh")


def many_procedures(number: int, seed: int = 2000) -> dict[str, Any]:
    """A catalogue of `number` records in the import format."""
    draw = random.Random(seed)
    rows = [_row(place, draw) for place in range(number)]
    return {
        "format": "tram-procedures/1",
        "sample": True,
        "name": f"{number} thủ tục bịa để thử tốc độ",
        "updated": "2026-11-01",
        "sectors": [{"id": id, "name": f"Lĩnh vực {id}"} for id in _SECTORS],
        "events": [{"id": id, "name": f"Việc {id}"} for id in _EVENTS],
        "papers": [{"id": f"giay-{n}", "name": f"Giấy tờ số {n}"} for n in range(1, 41)],
        "procedures": rows,
    }


def _row(place: int, draw: random.Random) -> dict[str, Any]:
    name = f"{draw.choice(_ACTS)} {draw.choice(_THINGS)} {draw.choice(_WHOSE)}"
    return {
        "code": f"{draw.choice('123')}.{place:06d}",
        "name": f"{name} (mục {place})",
        "short": name,
        "sector": draw.choice(_SECTORS),
        "level": draw.choice(("toan-trinh", "mot-phan")),
        "valid_from": "2025-07-01",
        "events": draw.sample(_EVENTS, draw.randrange(3)),
        "words": draw.sample(_EVERYDAY, draw.randrange(3)),
        "channels": ["truc-tiep", "truc-tuyen"],
        "papers": [{"paper": f"giay-{n}", "originals": 1} for n in draw.sample(range(1, 41), draw.randrange(1, 7))],
        "steps": [{"name": "Nộp hồ sơ"}, {"name": "Nhận kết quả"}],
        "times": [{"unit": "ngay-lam-viec", "value": draw.randrange(1, 30)}],
        "results": ["Văn bản trả lời"],
        "source": {"name": "bịa", "mark": "unconfirmed", "accessed": "2026-11-01"},
        "popularity": draw.randrange(101),
    }


if __name__ == "__main__":
    json.dump(many_procedures(int(sys.argv[1])), sys.stdout, ensure_ascii=False, indent=1)
