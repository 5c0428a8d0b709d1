"""An image is shown in the size that fits: smaller files are made of it, noted, and reach every text that shows it."""

import io
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import transaction
from django_tasks_db.models import DBTaskResult
from PIL import Image as Picture

from ketablog import roles
from ketablog.markup import POLICY_VERSION
from posts import renditions
from posts.models import Image, Page, Person, Post
from tests.base import make_image, make_page, make_post, make_user
from tests.pictures import picture
from tests.queue import run_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client):
    ada = make_user("ada", roles.WRITERS)
    client.force_login(ada, "django.contrib.auth.backends.ModelBackend")
    return ada


def upload(client, file, **fields) -> Image:
    fields = {"file": file, "alt": "A chair", "caption": "", "credit": "", **fields}
    return Image.objects.get(pk=client.post("/admin/posts/image/upload/", fields).json()["id"])


def stored(size: tuple[int, int], **options) -> Image:
    """An image with its file, as an upload leaves it."""
    content = picture("WEBP", size, **options).read()
    image = make_image(width=size[0], height=size[1], file="")
    image.file.save("chair.webp", ContentFile(content))
    return image


def files(folder: str = "images") -> list[str]:
    path = Path(default_storage.path(folder))
    return sorted(file.name for file in path.iterdir()) if path.exists() else []


def fresh(row):
    return type(row).objects.get(pk=row.pk)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_an_upload_gets_smaller_files_in_two_formats(client, ada, format):
    image = upload(client, picture(format, (1000, 500)))
    assert image.renditions == {}
    run_tasks()
    image = fresh(image)
    assert image.renditions == {"avif": [320, 480, 800, 1000], "webp": [320, 480, 800]}
    assert sorted(Path(name).name for name in image.file_names) == files()
    for kind, widths in image.renditions.items():
        for width in widths:
            with default_storage.open(image.rendition_name(width, kind)) as file, Picture.open(file) as made:
                assert (made.format, made.size) == (kind.upper(), (width, width // 2))


@pytest.mark.parametrize(
    ("size", "widths"),
    [
        ((1, 1), {"avif": [], "webp": []}),
        ((320, 9), {"avif": [], "webp": []}),
        ((321, 1), {"avif": [320, 321], "webp": [320]}),
        ((1600, 10), {"avif": [320, 480, 800, 1200, 1600], "webp": [320, 480, 800, 1200]}),
        ((2000, 20), {"avif": [320, 480, 800, 1200, 1600], "webp": [320, 480, 800, 1200, 1600]}),
        ((10, 2000), {"avif": [], "webp": []}),
    ],
)
def test_none_is_wider_than_the_image(size, widths):
    image = stored(size)
    assert renditions.make(image) is True
    assert fresh(image).renditions == widths


def test_a_small_drawing_stays_as_sharp_as_it_is():
    image = stored((640, 480), mode="RGBA", color=(10, 90, 90, 0))
    renditions.make(image)
    assert fresh(image).renditions == {"avif": [], "webp": []}


def test_what_shows_through_a_large_picture_still_does():
    image = stored((1000, 800), mode="RGBA", color=(10, 90, 90, 0))
    renditions.make(image)
    for kind in ("avif", "webp"):
        with default_storage.open(image.rendition_name(320, kind)) as file, Picture.open(file) as made:
            assert made.convert("RGBA").getpixel((5, 5))[3] == 0


def test_an_animation_is_a_still_picture_in_every_size(client, ada):
    frames = [Picture.new("P", (640, 20), color) for color in (1, 2, 3)]
    content = io.BytesIO()
    frames[0].save(content, "GIF", save_all=True, append_images=frames[1:])
    image = upload(client, ContentFile(content.getvalue(), "a.gif"))
    run_tasks()
    with default_storage.open(image.rendition_name(320, "webp")) as file, Picture.open(file) as made:
        assert getattr(made, "n_frames", 1) == 1


def test_nothing_is_made_for_an_upload_that_did_not_happen(client, ada, monkeypatch):
    def fail(*args):
        raise RuntimeError

    monkeypatch.setattr("posts.admin.media.ImageAdmin.log_addition", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        upload(client, picture())
    run_tasks()
    assert not Image.objects.exists()


def test_making_them_twice_changes_nothing():
    image = stored((640, 360))
    assert renditions.make(image) is True
    before = {name: default_storage.get_modified_time(name) for name in image.file_names}
    assert renditions.make(fresh(image)) is False
    renditions.make_of.func(image.pk)
    assert {name: default_storage.get_modified_time(name) for name in image.file_names} == before
    assert len(before) == len(files())


def test_two_workers_make_the_same():
    image, same = stored((640, 360)), Image.objects.get()
    assert renditions.make(image) is True
    assert renditions.make(same) is True
    assert fresh(image).renditions == image.renditions == same.renditions
    assert len(files()) == len(image.file_names)


def test_a_missing_or_broken_file_leaves_the_image_as_it_is(client):
    missing, broken = make_image(), make_image(file="")
    broken.file.save("broken.webp", ContentFile(b"RIFF....WEBP"))
    for image in (missing, broken):
        renditions.make_later(image)
    run_tasks()
    assert fresh(missing).renditions == fresh(broken).renditions == {}
    make_post(slug="still", cover=missing)
    assert f'src="{missing.file.url}"' in client.get("/posts/still/").text


def test_an_image_deleted_while_its_files_are_made_leaves_none(monkeypatch):
    image = stored((640, 360))
    smaller = renditions._smaller

    def delete_and_go_on(*args):
        Image.objects.all().delete()
        return smaller(*args)

    monkeypatch.setattr(renditions, "_smaller", delete_and_go_on)
    renditions.make(image)
    assert files() == []
    renditions.make_of.func(image.pk)


def test_the_command_makes_what_is_missing_and_says_how_much(capsys):
    whole, lacking, none = stored((640, 360)), stored((640, 360)), stored((640, 360))
    for image in (whole, lacking):
        renditions.make(image)
    default_storage.delete(lacking.rendition_name(320, "avif"))
    call_command("make_renditions")
    assert capsys.readouterr().out == "smaller files made of 2 of 3 images, 0 unreadable\n"
    assert all(renditions.is_complete(fresh(image)) for image in (whole, lacking, none))
    call_command("make_renditions")
    assert capsys.readouterr().out == "smaller files made of 0 of 3 images, 0 unreadable\n"


def test_the_command_names_what_it_cannot_read_and_makes_the_rest(capsys):
    missing, image = make_image(), stored((640, 360))
    with pytest.raises(CommandError, match=f"missing or broken of image {missing.pk}."):
        call_command("make_renditions")
    assert "1 of 2 images, 1 unreadable" in capsys.readouterr().out
    assert fresh(image).renditions


# On the pages


def test_a_cover_offers_every_size_and_holds_its_place(client):
    cover = stored((1000, 500))
    make_post(slug="chair", cover=cover)
    plain = client.get("/posts/chair/").text
    assert "<source" not in plain
    assert f'src="{cover.file.url}" alt="A quiet harbor" width="1000" height="500" fetchpriority="high">' in plain
    renditions.make(cover)
    text = client.get("/posts/chair/").text
    stem = cover.file.url.removesuffix(".webp")
    avif = ", ".join(f"{stem}-{width}.avif {width}w" for width in (320, 480, 800, 1000))
    webp = ", ".join([*(f"{stem}-{width}.webp {width}w" for width in (320, 480, 800)), f"{stem}.webp 1000w"])
    assert f'<source type="image/avif" srcset="{avif}" sizes="(min-width: 69em) 64rem, 92vw">' in text
    assert f'<source type="image/webp" srcset="{webp}" sizes=' in text
    assert text.index("image/avif") < text.index("image/webp") < text.index(f'src="{cover.file.url}"')


def test_every_size_that_a_page_names_is_there(client):
    cover = stored((1000, 500))
    renditions.make(cover)
    for source in cover.sources:
        for size in source.srcset.split(", "):
            response = client.get(size.split()[0])
            assert response.status_code == 200
            assert response.headers["Content-Type"] == source.type
            response.close()


def test_only_the_first_pictures_of_a_list_are_loaded_at_once(client):
    for number in range(4):
        make_post(cover=stored((640, 360)), featured=number == 0)
    text = client.get("/").text
    assert text.count('fetchpriority="high"') == 1
    assert text.count('loading="lazy"') == 3
    assert text.index('fetchpriority="high"') < text.index('loading="lazy"')


def test_photos_of_people_come_small(client):
    photo = stored((900, 900))
    renditions.make(photo)
    nora = Person.objects.create(name="Nora Quill", photo=photo)
    make_post(slug="hers", writer=nora)
    for address, kind, side in (("/author/nora-quill/", "person-photo", 128), ("/posts/hers/", "byline-photo", 56)):
        text = client.get(address).text
        assert f'class="{kind}" src="{photo.file.url}"' in text
        assert f'width="{side}" height="{side}"' in text
        assert f"{photo.rendition_name(320, 'avif')} 320w" in text


# In the texts


def body(image: Image, end: str = "/", alt: str = "") -> str:
    return f'<p>See</p><figure><img src="/images/{image.pk}{end}" alt="{alt}"></figure>'


@pytest.mark.parametrize("end", ["/", ""])
def test_texts_are_rendered_again_when_the_sizes_of_their_image_are_there(monkeypatch, end):
    image = stored((640, 360))
    post, page = make_post(body=body(image, end)), make_page(body=body(image, end))
    other = make_post(body=body(stored((640, 360))))
    seen = []
    monkeypatch.setattr(Post, "render_body", lambda row: seen.append(row))
    monkeypatch.setattr(Page, "render_body", lambda row: seen.append(row))
    renditions.make(image)
    assert seen == [post, page]
    assert other not in seen


def test_a_text_gives_the_sizes_to_what_renders_it(monkeypatch):
    image = stored((640, 360))
    renditions.make(image)
    assert [source.type for source in fresh(image).data.sources] == ["image/avif", "image/webp"]
    assert make_image().data.sources == ()


def test_a_new_description_reaches_the_texts_that_gave_none_of_their_own(client, ada):
    image = upload(client, picture("JPEG", (640, 360)))
    post = make_post(slug="chair", body=body(image))
    own = make_post(slug="own", body=body(image, alt="Where we sit"))
    page = make_page("rooms", body=body(image))
    dates = fresh(post).updated_at, fresh(post).revised_at
    words = {"alt": "A green chair", "caption": "", "credit": ""}
    client.post(f"/admin/posts/image/{image.pk}/change/", words)
    run_tasks()
    assert 'alt="A green chair"' in client.get("/posts/chair/").text
    assert 'alt="A green chair"' in client.get("/rooms/").text
    assert 'alt="Where we sit"' in client.get("/posts/own/").text
    assert (fresh(post).updated_at, fresh(post).revised_at) == dates
    assert {fresh(row).body_policy for row in (post, own, page)} == {post.body_policy}


def test_a_text_saved_while_it_is_rendered_again_is_left_alone(monkeypatch):
    image = stored((640, 360))
    post = make_post(body=body(image))
    Image.objects.update(alt="Another")
    render = Post.render_body

    def save_in_between(row):
        Post.objects.filter(pk=post.pk).update(body="<p>New</p>", body_html="<p>New</p>")
        render(row)

    monkeypatch.setattr(Post, "render_body", save_in_between)
    renditions.make(image)
    assert fresh(post).body_html == "<p>New</p>"


# Away with it


def delete(client, image: Image) -> str:
    return client.post(f"/admin/posts/image/{image.pk}/delete/", {"post": "yes"}, follow=True).text


@pytest.fixture
def manager(client):
    client.force_login(make_user("root", is_superuser=True), "django.contrib.auth.backends.ModelBackend")


@pytest.mark.django_db(transaction=True)
def test_deleting_an_image_deletes_its_files(client, manager):
    image, other = stored((640, 360)), stored((640, 360))
    for row in (image, other):
        renditions.make(row)
    delete(client, image)
    assert list(Image.objects.all()) == [other]
    assert files() == sorted(Path(name).name for name in other.file_names)


def test_an_image_that_a_text_shows_is_not_deleted_and_the_text_is_named(client, manager):
    image = stored((640, 360))
    make_post("About chairs", body=body(image), published=None)
    make_page("rooms", title="Our rooms", body=body(image, end=""))
    text = delete(client, image)
    assert "This image is in use, so it was not deleted." in text
    assert ">About chairs</a>" in text
    assert ">Our rooms</a>" in text
    assert Image.objects.filter(pk=image.pk).exists()
    assert files()


def test_another_number_that_begins_alike_is_no_hindrance(client, manager):
    image = stored((640, 360))
    make_post(body=f'<img src="/images/{image.pk}0/"><img src="/images/1{image.pk}/">')
    delete(client, image)
    assert not Image.objects.filter(pk=image.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_of_several_none_is_deleted_while_one_is_shown(client, manager):
    shown, free = stored((640, 360)), stored((640, 360))
    post = make_post("About chairs", body=body(shown))
    data = {"action": "delete_selected", "_selected_action": [shown.pk, free.pk], "post": "yes"}
    text = client.post("/admin/posts/image/", data, follow=True).text
    assert "Some of these images are in use, so none was deleted." in text
    assert ">About chairs</a>" in text
    assert Image.objects.count() == 2
    post.delete()
    client.post("/admin/posts/image/", data, follow=True)
    assert Image.objects.count() == 0
    assert files() == []


# After an upgrade


def test_an_upgrade_brings_old_texts_and_images_up_to_date_without_a_technician():
    image = stored((1000, 500))
    post = make_post(body=f'<h2>Sleep</h2><p><img src="/images/{image.pk}/" alt=""></p>')
    before = Post.objects.get().updated_at
    Post.objects.update(body_html="<h2>Sleep</h2>", contents=[], body_policy=1)
    call_command("migrate", verbosity=0)
    run_tasks()
    post.refresh_from_db()
    assert post.body_policy == POLICY_VERSION
    assert post.contents == [{"id": "s-sleep", "title": "Sleep", "level": 2}]
    assert "-480.avif 480w" in post.body_html
    assert post.updated_at == before


def test_where_nothing_is_old_a_migration_leaves_the_worker_alone():
    make_post()
    call_command("migrate", verbosity=0)
    assert not DBTaskResult.objects.exists()
