"""A reader's browser takes the picture that fits its screen, and nothing jumps while it comes."""

import io

import pytest
from django.core.files.base import ContentFile

from posts import renditions
from posts.demo.covers import draw_cover
from posts.models import Image, Person
from tests.base import make_image, make_post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WATCH = """
  window.shift = 0;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.shift += entry.value; })
    .observe({ type: "layout-shift", buffered: true });
"""


def drawn(width: int, height: int) -> Image:
    content = io.BytesIO()
    draw_cover(3, "lattice", (width, height)).save(content, "WEBP")
    image = make_image(width=width, height=height, file="")
    image.file.save("drawn.webp", ContentFile(content.getvalue()))
    renditions.make(image)
    return image


@pytest.mark.parametrize(("width", "name"), [(360, "-480.avif"), (1280, "-1200.avif")])
def test_the_cover_that_fits_is_loaded_and_nothing_jumps(page, width, name):
    cover = drawn(1600, 900)
    writer = Person.objects.create(name="Nora Quill", photo=drawn(600, 800))
    make_post(slug="harbor", cover=cover, writer=writer)
    page.add_init_script(WATCH)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/posts/harbor/", wait_until="networkidle")
    shown = page.locator(".cover img")
    assert shown.evaluate("image => image.complete && image.currentSrc").endswith(name)
    assert page.locator(".byline-photo").bounding_box()["width"] == 56
    assert page.locator(".byline-photo").evaluate("image => image.currentSrc").endswith("-320.avif")
    assert page.evaluate("window.shift") == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_picture_without_smaller_files_is_shown_all_the_same(page):
    cover = drawn(300, 200)
    make_post(slug="harbor", cover=cover)
    page.goto("/posts/harbor/", wait_until="networkidle")
    shown = page.locator(".cover img")
    assert shown.evaluate("image => image.naturalWidth") == 300
    assert shown.evaluate("image => image.currentSrc").endswith(cover.file.url)
