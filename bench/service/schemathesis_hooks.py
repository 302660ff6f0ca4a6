"""Bodies that schemathesis cannot think of: photos, sound and spoilt."""

from __future__ import annotations

from pathlib import Path

import schemathesis
from hypothesis import strategies as st

IMAGES = Path(__file__).resolve().parents[2] / "testdata/images"
photos = [path.read_bytes() for pattern in ["plain.*", "progressive.jpg", "grey.png"] for path in sorted(IMAGES.glob(pattern)) if path.suffix != ".gz"]
spoilt = [photo[: len(photo) // 2] for photo in photos] + [photo + b"more" for photo in photos]
bodies = st.sampled_from(photos) | st.sampled_from(photos) | st.sampled_from(spoilt) | st.binary(min_size=1, max_size=200)

for media_type in ["image/png", "image/jpeg", "image/webp", "image/gif", "image/*", "application/octet-stream"]:
    schemathesis.openapi.media_type(media_type, bodies)
