"""Writers bring in images and leaflets: what is in a file counts, and what it tells about people is taken out."""

import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Picture
from PIL import ImageCms

from ketablog import roles
from ketablog.models import User
from posts.models import Attachment, Image
from tests.base import make_image, make_post, make_user
from tests.pictures import pdf, pdf_of, picture

pytestmark = pytest.mark.django_db
UPLOAD = "/admin/posts/image/upload/"
NOT_READABLE = "This file is not a picture we can read."


@pytest.fixture
def ada(client):
    ada = make_user("ada", roles.WRITERS)
    client.force_login(ada)
    return ada


def upload(client, file, **fields):
    return client.post(UPLOAD, {"file": file, "alt": "A chair", "caption": "", "credit": "", **fields})


def content_of(row: Image | Attachment) -> bytes:
    with row.file.open() as file:
        return file.read()


def stored() -> Picture.Image:
    return Picture.open(io.BytesIO(content_of(Image.objects.get())))


def served_type(client, url: str) -> str:
    response = client.get(url)
    response.close()
    return response.headers["Content-Type"]


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_a_picture_is_taken_whatever_it_is_called(client, ada, format):
    response = upload(client, picture(format, (64, 48), name="letter.docx"))
    image = Image.objects.get()
    assert response.status_code == 201
    assert response.json() == {
        "id": image.pk,
        "address": f"/images/{image.pk}/",
        "src": image.file.url,
        "thumbnail": image.file.url,
        "alt": "A chair",
        "caption": "",
    }
    assert (image.width, image.height) == (64, 48)
    assert image.uploaded_by == ada
    assert image.file.name.startswith("images/")
    assert "letter" not in image.file.name
    assert stored().format == "WEBP"
    assert client.get(f"/images/{image.pk}/").url == image.file.url
    assert served_type(client, image.file.url) == "image/webp"


def test_only_the_first_frame_of_an_animation_is_kept(client, ada):
    frames = [Picture.new("P", (20, 20), color) for color in (1, 2, 3)]
    content = io.BytesIO()
    frames[0].save(content, "GIF", save_all=True, append_images=frames[1:])
    upload(client, SimpleUploadedFile("a.gif", content.getvalue()))
    assert getattr(stored(), "n_frames", 1) == 1


def test_a_large_picture_is_made_smaller(client, ada):
    upload(client, picture("JPEG", (3000, 1500)))
    assert stored().size == (2000, 1000)


def test_where_and_with_what_it_was_taken_is_gone_and_it_stands_upright(client, ada):
    exif = Picture.Exif()
    exif[0x0112] = 6  # To be turned by a quarter.
    exif[0x010F] = "CameraMaker"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>Rita Reader</x:xmpmeta>"
    upload(client, picture("JPEG", (80, 40), exif=exif, icc_profile=profile, xmp=xmp, comment=b"Rita Reader"))
    kept = stored()
    assert kept.size == (40, 80)
    assert (Image.objects.get().width, Image.objects.get().height) == (40, 80)
    assert not kept.getexif()
    assert not {"exif", "icc_profile", "xmp", "comment"} & set(kept.info)
    content = content_of(Image.objects.get())
    for trace in (b"CameraMaker", b"Rita Reader", b"EXIF", b"ICCP", b"XMP "):
        assert trace not in content


def test_colors_are_turned_into_those_of_every_screen(client, ada):
    # A profile that calls red what every other calls blue.
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = plain.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")
    upload(client, picture("JPEG", color=(200, 30, 30), icc_profile=swapped))
    red, _green, blue = stored().getpixel((5, 5))
    assert blue > 150 > red


def test_a_broken_color_profile_does_not_stand_in_the_way(client, ada):
    assert upload(client, picture("JPEG", color="red", icc_profile=b"not a profile")).status_code == 201
    assert stored().getpixel((5, 5))[0] > 240


@pytest.mark.parametrize("mode", ["L", "1", "P", "LA", "RGBA", "I;16", "CMYK"])
def test_pictures_of_every_kind_are_taken(client, ada, mode):
    format = "JPEG" if mode == "CMYK" else "PNG"
    assert upload(client, picture(format, mode=mode, color=0 if mode != "LA" else (0, 0))).status_code == 201
    assert stored().mode == ("RGBA" if mode in ("LA", "RGBA") else "RGB")


def png_that_announces(width: int, height: int) -> SimpleUploadedFile:
    """A file of some hundred bytes that would need gigabytes."""
    chunks = b""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")):
        chunks += struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return SimpleUploadedFile("bomb.png", b"\x89PNG\r\n\x1a\n" + chunks)


@pytest.mark.parametrize("size", [(8000, 5001), (10_000, 8000), (50_000, 50_000)])
def test_a_picture_with_too_many_pixels_is_refused_unopened(client, ada, size):
    response = upload(client, png_that_announces(*size))
    assert response.status_code == 422
    assert "more than 40 million pixels" in response.json()["errors"]["file"][0]
    assert Image.objects.count() == 0


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("logo.svg", SVG),
        ("photo.png", SVG),
        ("photo.jpg", b"MZ not a picture"),
        ("photo.jpg", picture("BMP").read()),
        ("photo.jpg", picture("TIFF").read()),
        ("photo.jpg", picture("JPEG", (300, 300)).read()[:400]),
        ("photo.png", png_that_announces(60, 60).read()[:-30]),
        ("photo.webp", picture("WEBP").read()[:40]),
    ],
)
def test_what_is_no_whole_picture_is_refused_in_a_sentence(client, ada, name, content):
    response = upload(client, SimpleUploadedFile(name, content, "image/png"))
    assert response.status_code == 422
    assert response.json()["errors"]["file"][0].startswith(NOT_READABLE)
    assert Image.objects.count() == 0


def test_a_file_that_is_too_large_is_refused(client, ada):
    file = SimpleUploadedFile("big.jpg", b"\xff" * (15 * 1024 * 1024 + 1))
    assert "larger than 15 MB" in upload(client, file).json()["errors"]["file"][0]


def test_an_image_needs_a_description(client, ada):
    assert upload(client, picture(), alt=" ").json() == {"errors": {"alt": ["This field is required."]}}
    assert Image.objects.count() == 0


def test_uploading_needs_the_right_the_form_s_token_and_a_post(client, ada):
    assert client.get(UPLOAD).status_code == 405
    client.handler.enforce_csrf_checks = True
    assert upload(client, picture()).status_code == 403
    client.handler.enforce_csrf_checks = False
    client.force_login(make_user("rev", roles.REVIEWERS))
    assert upload(client, picture()).status_code == 403
    client.logout()
    assert upload(client, picture()).status_code == 302
    assert Image.objects.count() == 0


def test_the_library_can_be_searched_and_goes_on(client, ada):
    for number in range(25):
        make_image(alt=f"Window {number}")
    make_image(alt="Infusion chair", caption="The room", credit="J. Doe")
    first = client.get("/admin/posts/image/library/").json()
    assert len(first["images"]) == 24
    assert first["images"][0]["alt"] == "Infusion chair"
    assert first["images"][0]["caption"] == "The room (J. Doe)"
    assert first["next"] == 2
    second = client.get("/admin/posts/image/library/?page=2").json()
    assert len(second["images"]) == 2
    assert second["next"] is None
    found = client.get("/admin/posts/image/library/?q=chair").json()
    assert [image["alt"] for image in found["images"]] == ["Infusion chair"]
    assert client.get("/admin/posts/image/library/?page=nonsense").status_code == 200
    assert client.get("/admin/posts/image/library/?q=a%00b").json()["images"] == []


def test_the_library_is_not_for_everybody(client):
    client.force_login(make_user("mo", roles.MODERATORS))
    assert client.get("/admin/posts/image/library/").status_code == 403


def test_the_file_of_an_image_stays_when_its_words_change(client, ada):
    upload(client, picture())
    image = Image.objects.get()
    page = f"/admin/posts/image/{image.pk}/change/"
    assert image.file.url in client.get("/admin/posts/image/").text
    assert 'type="file"' not in client.get(page).text
    client.post(page, {"alt": "A green chair", "caption": "", "credit": "", "file": picture("PNG", (9, 9))})
    changed = Image.objects.get()
    assert (changed.alt, changed.file, changed.width) == ("A green chair", image.file, 64)


def test_the_admin_s_own_form_cleans_and_names_the_uploader_too(client, ada):
    response = client.post("/admin/posts/image/add/", {"file": picture(name="x.svg"), "alt": "A chair"})
    assert response.status_code == 302
    assert Image.objects.get().uploaded_by == ada
    refused = client.post("/admin/posts/image/add/", {"file": SimpleUploadedFile("x.svg", SVG), "alt": "A chair"})
    assert NOT_READABLE in refused.text


def test_a_leaflet_is_named_after_its_title(client, ada):
    client.post("/admin/posts/attachment/add/", {"title": "Vor der Infusion: Übersicht", "file": pdf("x.exe")})
    leaflet = Attachment.objects.get()
    assert leaflet.file.name.startswith("leaflets/vor-der-infusion-übersicht-")
    assert leaflet.file.name.endswith(".pdf")
    assert leaflet.size == leaflet.file.size
    assert leaflet.uploaded_by == User.objects.get()
    assert served_type(client, leaflet.file.url) == "application/pdf"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<html>%PDF-1.4 %%EOF", "This file is not a whole PDF."),
        (b"%PDF-1.4 and then cut off", "This file is not a whole PDF."),
        (b"%PDF-1.4 %%EOF" + b" " * 2000, "This file is not a whole PDF."),
        (b"%PDF-" + b" " * (15 * 1024 * 1024) + b"%%EOF", "larger than 15 MB"),
    ],
)
def test_what_is_no_whole_pdf_is_refused(client, ada, content, sentence):
    file = SimpleUploadedFile("leaflet.pdf", content)
    response = client.post("/admin/posts/attachment/add/", {"title": "Leaflet", "file": file})
    assert sentence in response.text
    assert Attachment.objects.count() == 0


def upload_leaflet(client, file):
    return client.post("/admin/posts/attachment/add/", {"title": "Before a visit", "file": file})


@pytest.mark.parametrize(("pages", "words"), [(1, "PDF, 1 page, "), (3, "PDF, 3 pages, ")])
def test_a_reader_sees_how_long_a_leaflet_is(client, ada, pages, words):
    upload_leaflet(client, pdf_of(pages))
    post = make_post(slug="visit")
    post.attachments.add(Attachment.objects.get(pages=pages))
    assert words in client.get("/posts/visit/").text


def test_a_leaflet_that_opens_for_everybody_is_counted_though_it_is_encrypted(client, ada):
    upload_leaflet(client, pdf_of(2, user_password="", owner_password="for changes", algorithm="AES-256"))
    assert Attachment.objects.get().pages == 2


def test_a_leaflet_that_asks_readers_for_a_password_is_refused(client, ada):
    response = upload_leaflet(client, pdf_of(2, user_password="secret", algorithm="AES-256"))
    assert "This PDF opens with a password only, which readers do not have." in response.text
    assert Attachment.objects.count() == 0


def test_a_leaflet_whose_pages_cannot_be_counted_shows_its_size_alone(client, ada):
    upload_leaflet(client, pdf())
    leaflet = Attachment.objects.get()
    assert leaflet.pages is None
    make_post(slug="visit").attachments.add(leaflet)
    assert f"PDF, {leaflet.size}\xa0bytes" in client.get("/posts/visit/").text


def test_counting_that_takes_too_long_is_ended(client, ada, monkeypatch):
    monkeypatch.setattr("ketablog.pdf_pages.LONGEST_SECONDS", 0.001)
    upload_leaflet(client, pdf_of(2))
    assert Attachment.objects.get().pages is None
