"""What the people of the sample desk attach is worth opening."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from tui_desk.demo.drawings import picture


@pytest.mark.parametrize("name", ["charger.png", "seam.png"])
def test_a_photo_shows_something_and_is_small(name: str) -> None:
    content = picture(name)
    assert len(content) < 5_000
    with Image.open(BytesIO(content)) as image:
        assert image.size >= (160, 100)
        colours = image.convert("RGB").getcolors()
    assert colours is not None
    assert len(colours) >= 6
